-- Writes a document as one JSON object per line, each a block as models.reading.structure has it.

local LIST_MARKS = { BulletList = "•" }
local lines, write

local function words(blocks)
  return pandoc.utils.blocks_to_inlines(blocks, { pandoc.Space() })
end

local function put(kind, text, level)
  if text:match("%S") then
    lines[#lines + 1] = pandoc.json.encode({ kind = kind, text = text, level = level or 0 })
  end
end

local function said(inlines)
  return pandoc.utils.stringify(inlines)
end

local function cells(row)
  local found = {}
  for _, cell in ipairs(row.cells) do
    found[#found + 1] = said(words(cell.contents)):gsub("%s+", " ")
  end
  return found
end

-- With three columns or more each row names its columns, so that it can be understood alone. A table of two is
-- mostly a list of names and values whose "head" is its first pair.
local function row_line(row, names)
  local found = cells(row)
  if #names >= 3 and #names == #found then
    local parts = {}
    for at, value in ipairs(found) do
      if value ~= "" then
        parts[#parts + 1] = names[at] ~= "" and names[at] .. ": " .. value or value
      end
    end
    return table.concat(parts, " | ")
  end
  return table.concat(found, " | ")
end

local function put_table(found)
  put("paragraph", said(words(found.caption.long)))
  local head = found.head.rows
  local first = found.bodies[1]
  if #head == 0 and first then  -- of a page whose head is not marked as such
    head, first.head = first.head, {}
  end
  local names = #head == 1 and cells(head[1]) or {}
  local all = {}
  local function add(rows, named)
    for _, row in ipairs(rows) do
      all[#all + 1] = row_line(row, named)
    end
  end
  if #names < 3 then
    add(head, {})
  end
  for _, body in ipairs(found.bodies) do
    add(body.head, {})
    add(body.body, names)
  end
  add(found.foot.rows, names)
  if #all == 0 then
    add(head, {})
  end
  put("table", table.concat(all, "\n"))
end

local function put_list(items, depth, mark)
  for number, item in ipairs(items) do
    local first = item[1]
    local sign = mark or (number .. ".")
    if first and (first.t == "Para" or first.t == "Plain") then
      put("item", sign .. " " .. said(first.content), depth)
      table.remove(item, 1)
    end
    write(item, depth)
  end
end

local function put_terms(items, depth)
  for _, item in ipairs(items) do
    local meanings = {}
    for _, meaning in ipairs(item[2]) do
      meanings[#meanings + 1] = said(words(meaning))
    end
    put("item", said(item[1]) .. ": " .. table.concat(meanings, "; "), depth)
  end
end

local WRITERS = {
  Header = function(block) put("heading", said(block.content), block.level) end,
  Para = function(block) put("paragraph", said(block.content)) end,
  Plain = function(block) put("paragraph", said(block.content)) end,
  CodeBlock = function(block) put("paragraph", block.text) end,
  LineBlock = function(block)
    local found = {}
    for _, line in ipairs(block.content) do
      found[#found + 1] = said(line)
    end
    put("paragraph", table.concat(found, "\n"))
  end,
  Table = put_table,
  BulletList = function(block, depth) put_list(block.content, depth + 1, LIST_MARKS.BulletList) end,
  OrderedList = function(block, depth) put_list(block.content, depth + 1, nil) end,
  DefinitionList = function(block, depth) put_terms(block.content, depth + 1) end,
  BlockQuote = function(block, depth) write(block.content, depth) end,
  Div = function(block, depth) write(block.content, depth) end,
  Figure = function(block, depth)
    put("paragraph", said(words(block.caption.long)))
    write(block.content, depth)
  end,
}

write = function(blocks, depth)
  for _, block in ipairs(blocks) do
    local writer = WRITERS[block.t]
    if writer then
      writer(block, depth)
    end
  end
end

local function note(found)
  local inside = words(found.content)
  inside:insert(1, pandoc.Str(" ("))
  inside:insert(pandoc.Str(")"))
  return inside
end

-- Word's own title page is kept apart from the text; without this it would be lost.
local function put_title_page(document)
  local first = document.blocks[1]
  local title = said(document.meta.title or "")
  if not (first and first.t == "Header" and said(first) == title) then
    put("heading", title, 1)
  end
  for _, name in ipairs({ "subtitle", "author", "date", "abstract" }) do
    local value = said(document.meta[name] or "")
    if not value:match("^%d+%-%d+%-%d+T") then  -- when a program made an e-book
      put("paragraph", value)
    end
  end
end

function Writer(document)
  lines = {}
  document = document:walk({
    Note = note,
    Image = function() return {} end,
    LineBreak = function() return pandoc.Str("\n") end,
  })
  put_title_page(document)
  write(document.blocks, 0)
  return table.concat(lines, "\n") .. "\n"
end
