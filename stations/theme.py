"""The kit's own look: ink and petrol on paper, one warm mark. Every pair of colours keeps 4.5:1, light and dark."""

from pathlib import Path

import gradio as gr
from gradio.themes.utils import colors, sizes

CSS_FILE = Path(__file__).resolve().parent / "assets" / "stations.css"

WEIGHTS = (400, 700)
"""Gradio's own half-bold files hold only a few letters; with these two, half-bold is shown bold."""

PETROL = colors.Color(
    name="petrol",
    c50="#eef7f6",
    c100="#d5ebe9",
    c200="#aad7d4",
    c300="#76bcb9",
    c400="#449c9b",
    c500="#247f80",
    c600="#176669",
    c700="#125255",
    c800="#104245",
    c900="#0e3538",
    c950="#062224",
)
PAPER = colors.Color(
    name="paper",
    c50="#f8f8f6",
    c100="#efefec",
    c200="#dfdfda",
    c300="#c3c4be",
    c400="#989a94",
    c500="#6d706b",
    c600="#545753",
    c700="#3d403d",
    c800="#282b29",
    c900="#1a1d1c",
    c950="#101312",
)


def theme() -> gr.themes.Base:
    """Return the theme; fonts come with Gradio and are served from this machine."""
    return gr.themes.Base(
        primary_hue=PETROL,
        secondary_hue=PETROL,
        neutral_hue=PAPER,
        text_size=sizes.text_lg,
        radius_size=sizes.radius_sm,
        font=[gr.themes.LocalFont("IBM Plex Sans", WEIGHTS), "ui-sans-serif", "system-ui", "sans-serif"],
        font_mono=[gr.themes.LocalFont("IBM Plex Mono", WEIGHTS), "ui-monospace", "Consolas", "monospace"],
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="*neutral_300",
        block_label_text_weight="700",
        block_title_text_weight="700",
        block_border_width="1px",
        block_shadow="none",
        button_large_text_weight="700",
        button_large_text_size="*text_md",
        button_large_padding="12px 20px",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_hover_dark="*primary_500",
        button_primary_text_color="white",
        button_secondary_background_fill="white",
        button_secondary_background_fill_dark="*neutral_800",
        button_secondary_background_fill_hover="*primary_50",
        button_secondary_background_fill_hover_dark="*neutral_700",
        button_secondary_border_color="*neutral_300",
        button_secondary_border_color_dark="*neutral_600",
        button_border_width="1px",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_border_width="1px",
        input_border_color="*neutral_400",
        input_border_color_dark="*neutral_500",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        slider_color="*primary_600",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
    )
