-- Makes a document ready for plain text: headings marked, tables as lines, footnotes where they belong.

local HEADING = "\30"  -- no document can contain it: XML forbids this character
local CELLS = " | "

local function words(blocks)
  return pandoc.utils.blocks_to_inlines(blocks, { pandoc.Space() })
end

local function line(row)
  local cells = {}
  for _, cell in ipairs(row.cells) do
    cells[#cells + 1] = pandoc.utils.stringify(words(cell.contents))
  end
  return { pandoc.Str(table.concat(cells, CELLS)) }
end

local function rows(found)
  local lines = {}
  local function add(list)
    for _, row in ipairs(list) do
      lines[#lines + 1] = line(row)
    end
  end
  add(found.head.rows)
  for _, body in ipairs(found.bodies) do
    add(body.head)
    add(body.body)
  end
  add(found.foot.rows)
  return { pandoc.Para(words(found.caption.long)), pandoc.LineBlock(lines) }
end

local function note(found)
  local inside = words(found.content)
  inside:insert(1, pandoc.Str(" ("))
  inside:insert(pandoc.Str(")"))
  return inside
end

local function unwrapped(found)
  return found.content
end

local function nothing()
  return {}
end

local function heading(found)
  return pandoc.Para({ pandoc.Str(HEADING .. pandoc.utils.stringify(found)) })
end

-- Word's own title page is kept apart from the text; without this it would be lost.
local function title_page(document)
  local first, top = document.blocks[1], {}
  local title = pandoc.utils.stringify(document.meta.title or "")
  local repeated = first and first.t == "Header" and pandoc.utils.stringify(first) == title
  if title ~= "" and not repeated then
    top[1] = pandoc.Header(1, { pandoc.Str(title) })
  end
  for _, name in ipairs({ "subtitle", "author", "date", "abstract" }) do
    local value = document.meta[name]
    if value then
      top[#top + 1] = pandoc.Para({ pandoc.Str(pandoc.utils.stringify(value)) })
    end
  end
  for _, block in ipairs(document.blocks) do
    top[#top + 1] = block
  end
  document.blocks = top
  return document
end

return {
  { Pandoc = title_page },
  {
    Image = nothing, Note = note, Emph = unwrapped, Strong = unwrapped, Underline = unwrapped,
    SmallCaps = unwrapped, Strikeout = unwrapped,
  },
  { Table = rows },
  { Header = heading },
}
