"""The right-hand side of the tab: the text, what was checked, versions, rework, files."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from models.language import language_of
from stations.base import Workbench
from stations.documents import FORMATS, Format, plain_text
from stations.text import view
from stations.text.ease import ease
from stations.text.manuscript import Manuscript
from stations.texts import Language
from stations.untrusted import defused


@dataclass(frozen=True)
class Paper:
    """The components that show a text and offer what can be done with it."""

    manuscript: gr.State
    empty: gr.Markdown
    state: gr.Markdown
    text: gr.Markdown
    findings: gr.Markdown
    sources: gr.Markdown
    tools: gr.Column
    version: gr.Markdown
    undo: gr.Button
    redo: gr.Button
    rework: gr.Radio
    characters: gr.Textbox
    go: gr.Button
    hand: gr.Textbox
    take_over: gr.Button
    other: gr.Dropdown
    changes: gr.Markdown
    ease: gr.Markdown
    mediopunkt: gr.Button
    plain: gr.Textbox
    told: gr.Checkbox
    files: dict[Format, gr.Button]
    taken: gr.File

    @property
    def outputs(self) -> list[Any]:
        """Everything that a new text changes."""
        shown = [self.empty, self.state, self.text, self.findings, self.sources, self.tools, self.version]
        steps = [self.undo, self.redo, self.hand, self.other, self.changes, self.ease, self.mediopunkt]
        return [self.manuscript, *shown, *steps, self.plain, self.taken]

    def writing(self, text: str, state: str) -> dict[Any, Any]:
        """Return the updates while a text grows."""
        return {
            self.empty: gr.Markdown(visible=False),
            self.state: gr.Markdown(f"*{state} …*", visible=True),
            self.text: gr.Markdown(text, visible=bool(text)),
            self.findings: gr.Markdown(visible=False),
            self.sources: gr.Markdown(visible=False),
            self.tools: gr.Column(visible=False),
        }

    def resting(self, manuscript: Manuscript, language: Language) -> dict[Any, Any]:
        """Return the updates once nothing is being written: the current version and its tools."""
        version, there = manuscript.current, bool(manuscript.text)
        spoken: Language = "en" if language_of(manuscript.text) == "en" else "de"
        others = view.version_choices(manuscript, language)
        before = max((place for _, place in others if place < manuscript.at), default=None)
        return {
            self.empty: gr.Markdown(visible=not there),
            self.state: gr.Markdown(visible=False),
            self.text: gr.Markdown(view.marked(version), visible=there),
            self.findings: gr.Markdown(view.findings(version, language), visible=there),
            self.sources: gr.Markdown(
                view.sources(version, language), visible=bool(version and version.sources)
            ),
            self.tools: gr.Column(visible=there),
            self.version: view.version_line(manuscript, language),
            self.undo: gr.Button(interactive=manuscript.can_undo),
            self.redo: gr.Button(interactive=manuscript.can_redo),
            self.hand: manuscript.text,
            self.other: gr.Dropdown(others, value=before, interactive=bool(others)),
            self.changes: ""
            if before is None
            else view.changes(manuscript.versions[before].text, manuscript.text, language),
            self.ease: ease(manuscript, spoken, language) if there else "",
            self.mediopunkt: gr.Button(visible=spoken == "de"),
            self.plain: plain_text(defused(manuscript.text)),
            self.taken: gr.File(value=None, visible=False),
        }


def draw_paper(bench: Workbench) -> Paper:
    """Draw everything in the surrounding layout; hidden until there is a text."""
    label = bench.label
    empty = gr.Markdown(label("text.empty"), elem_id="text-empty")
    state = gr.Markdown(visible=False, elem_id="text-state")
    text = gr.Markdown(visible=False, elem_id="text-result", latex_delimiters=[])
    findings = gr.Markdown(visible=False, sanitize_html=False, elem_id="text-findings")
    sources = gr.Markdown(visible=False, sanitize_html=False, elem_id="text-sources")
    with gr.Column(visible=False, elem_id="text-tools") as tools:
        with gr.Row(elem_classes="ki-actions"):
            version = gr.Markdown(elem_id="text-version")
            undo = gr.Button(label("text.undo"), elem_id="text-undo", size="sm", min_width=100)
            redo = gr.Button(label("text.redo"), elem_id="text-redo", size="sm", min_width=100)
        with gr.Accordion(label("text.rework"), open=True, elem_id="text-rework-box"):
            rework = gr.Radio(
                [], label=label("text.rework_how"), elem_id="text-rework", elem_classes="ki-grid"
            )
            with gr.Row(elem_classes="ki-actions"):
                characters = gr.Textbox(
                    visible=False,
                    label=label("text.rework_characters"),
                    elem_id="text-characters",
                    max_lines=1,
                    scale=3,
                )
                go = gr.Button(label("text.rework_go"), elem_id="text-rework-go", variant="primary", scale=1)
        with gr.Accordion(label("text.edit"), open=False, elem_id="text-edit"):
            hand = gr.Textbox(label=label("text.edit_text"), lines=10, max_lines=30, elem_id="text-hand")
            take_over = gr.Button(label("text.take_over"), elem_id="text-take-over", size="sm")
        with gr.Accordion(label("text.difference"), open=False, elem_id="text-difference"):
            other = gr.Dropdown([], label=label("text.difference_from"), elem_id="text-other")
            changes = gr.Markdown(sanitize_html=False, elem_id="text-changes")
        with gr.Accordion(label("text.ease"), open=False, elem_id="text-ease-box"):
            shown = gr.Markdown(sanitize_html=False, elem_id="text-ease")
            mediopunkt = gr.Button(label("text.mediopunkt"), elem_id="text-mediopunkt", size="sm")
        with gr.Accordion(label("text.take"), open=False, elem_id="text-take"):
            plain = gr.Textbox(
                label=label("text.copy"),
                lines=4,
                max_lines=8,
                buttons=["copy"],
                elem_id="text-plain",
                interactive=False,
            )
            told = gr.Checkbox(True, label=label("text.take_told"), elem_id="text-told")
            with gr.Row():
                files = {
                    kind: gr.Button(
                        label(f"text.take_{kind}"), size="sm", min_width=90, elem_id=f"text-take-{kind}"
                    )
                    for kind in FORMATS
                }
            taken = gr.File(
                label=label("text.take_file"), visible=False, interactive=False, elem_id="text-file"
            )
    return Paper(
        gr.State(Manuscript()), empty, state, text, findings, sources, tools, version, undo, redo, rework, characters,
        go, hand, take_over, other, changes, shown, mediopunkt, plain, told, files, taken,
    )  # fmt: skip
