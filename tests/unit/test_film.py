"""Films with subtitles: small films made here go through the real program, what comes out is opened again."""

import errno
import re
import struct
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from models.errors import ModelError
from models.film import making
from models.film.job import Caption, FilmError, FilmLimits, Job, between
from stations.speech import film
from stations.speech.film import attached, burned_in, film_ending, film_facts
from stations.speech.subtitles import Cue

av = pytest.importorskip("av", reason="PyAV is not installed")

CUES = (
    Cue(0.4, 1.0, ("Größe & <b>Übung</b>", "– zweite „Zeile“")),
    Cue(1.2, 9.0, ("Ende {\\an8}",)),
)
SHOWN = ["Größe & ‹b›Übung‹/b›\n– zweite „Zeile“", "Ende (\\an8}"]
RATE = 48_000


def make(
    file, size=(320, 180), pictures=40, times=None, codec="libx264", pixels="yuv420p", sound="aac", late_s=0
):
    """A film: a grey field with a dark bar at the top that grows; a tone. ``times``: millisecond of each picture."""
    width, height = size
    with av.open(str(file), "w", options={"output_ts_offset": str(late_s)}) as made:
        video = made.add_stream(codec, rate=25)
        video.width, video.height, video.pix_fmt = width, height, pixels
        if times:
            video.codec_context.time_base = Fraction(1, 1000)
        track = made.add_stream(sound, rate=RATE, layout="mono", bit_rate=64_000) if sound else None
        for number in range(pictures):
            picture = np.full((height, width, 3), 90, np.uint8)
            picture[: height // 4, : number * width // pictures] = 20
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            if times:
                frame.pts, frame.time_base = times[number], Fraction(1, 1000)
            made.mux(video.encode(frame))
        made.mux(video.encode(None))
        if track:
            made.mux([*track.encode(tone(pictures / 25)), *track.encode(None)])
    return file


def tone(seconds):
    wave = (8000 * np.sin(np.arange(round(seconds * RATE)) * 2 * np.pi * 440 / RATE)).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
    frame.rate, frame.pts = RATE, 0
    return frame


def make_sound(file, cover):
    """A recording without a film; with a picture of its cover, as albums have."""
    with av.open(str(file), "w", format="mp4") as made:
        track = made.add_stream("aac", rate=RATE, layout="mono")
        if cover:
            picture = made.add_stream("png", rate=1)
            picture.width, picture.height, picture.pix_fmt = 64, 64, "rgb24"
            picture.disposition = av.stream.Disposition.attached_pic
            made.mux(
                picture.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24"))
            )
        made.mux([*track.encode(tone(1)), *track.encode(None)])


def turned(file, clockwise):
    """Write into an MP4 how a phone was held: the matrix of the track head."""
    matrix = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[clockwise]
    raw = bytearray(file.read_bytes())
    a, b, c, d = (each << 16 for each in matrix)
    struct.pack_into(">9i", raw, raw.index(b"tkhd") + 44, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    file.write_bytes(raw)
    return file


def pictures(file):
    """All pictures as arrays (grey), their times, and how the player is asked to turn them."""
    with av.open(str(file)) as opened:
        frames = list(opened.decode(video=0))
        return [f.to_ndarray(format="gray") for f in frames], [f.time for f in frames], frames[0].rotation


def packets(file, kind):
    with av.open(str(file)) as opened:
        stream = next(each for each in opened.streams if each.type == kind)
        return [bytes(packet) for packet in opened.demux(stream) if packet.size]


def subtitles(file):
    """The texts of the subtitle track with begin and end in seconds."""
    with av.open(str(file)) as opened:
        stream = opened.streams.subtitles[0]
        cut = 2 if stream.codec_context.name == "mov_text" else 0
        found = [(bytes(each)[cut:].decode(), each.pts, each.duration) for each in opened.demux(stream)]
        return [
            (text, float(pts * stream.time_base), float((pts + duration) * stream.time_base))
            for text, pts, duration in found
            if text
        ]


@pytest.fixture
def small(tmp_path):
    return make(tmp_path / "film.mp4")


@pytest.mark.parametrize("ending", [".mp4", ".mkv"])
def test_attached_subtitles_are_a_track_and_nothing_else_changes(small, tmp_path, ending):
    out = tmp_path / f"out{ending}"
    progress = list(attached(small, CUES, out, "de"))
    assert progress[-1] == 1
    assert all(0 <= before <= after for before, after in pairwise(progress))
    begin = pictures(out)[1][0]
    (first, *when), (second, *later) = subtitles(out)
    assert [first, second] == SHOWN
    assert when == [pytest.approx(begin + 0.4, abs=0.002), pytest.approx(begin + 1.0, abs=0.002)]
    assert later == [pytest.approx(begin + 1.2, abs=0.002), pytest.approx(begin + 1.6, abs=0.03)], (
        "no longer than it"
    )
    for kind in ("video", "audio"):
        assert packets(out, kind) == packets(small, kind)
    with av.open(str(out)) as opened:
        assert opened.streams.subtitles[0].language == "deu"
        assert opened.streams.subtitles[0].disposition & av.stream.Disposition.default
        assert opened.duration / 1e6 == pytest.approx(1.6, abs=0.05)


def test_a_turned_film_with_a_track_is_still_turned(tmp_path):
    out = tmp_path / "out.mp4"
    list(attached(turned(make(tmp_path / "x.mp4", (180, 320)), 90), CUES, out, "de"))
    assert pictures(out)[2] == -90


def test_burned_in_words_change_the_picture_where_they_stand_and_nowhere_else(small, tmp_path):
    out = tmp_path / "out.mp4"
    assert list(burned_in(small, CUES, out))[-1] == 1
    before, times, _ = pictures(small)
    after, new_times, _ = pictures(out)
    assert new_times == pytest.approx(times)
    for old, new, time in zip(before, after, times, strict=True):
        changed = np.abs(old.astype(int) - new.astype(int)) > 40
        if 0.4 <= time < 1.0 or time >= 1.2:
            assert changed[130:174, 80:240].mean() > 0.05
            assert new[130:174].max() > 220
            assert new[130:174].min() < 30, "letters have a dark edge"
        assert not changed[:110].any()
        if not (0.4 <= time < 1.0 or time >= 1.2):
            assert not changed.any()
    assert packets(out, "audio") == packets(small, "audio"), "the sound is copied"


@pytest.mark.parametrize(
    ("name", "size", "options"),
    [
        ("odd.mkv", (321, 239), {"pixels": "yuv444p", "sound": "libopus"}),
        ("web.webm", (160, 120), {"codec": "libvpx-vp9", "sound": "libopus", "pictures": 12}),
        ("old.avi", (320, 240), {"codec": "mpeg4", "sound": "libmp3lame"}),
        ("apple.mov", (320, 180), {"sound": "pcm_s16le"}),
        ("mute.mp4", (320, 180), {"sound": None}),
        ("tiny.mp4", (16, 16), {}),
        ("deep.mkv", (320, 180), {"pixels": "yuv420p10le"}),
    ],
)
def test_any_film_gets_both_kinds_of_subtitles(tmp_path, name, size, options):
    given = make(tmp_path / name, size, **options)
    facts = film_facts(given)
    assert (facts.width, facts.height, facts.has_sound) == (*size, options.get("sound", "aac") is not None)
    track, burned = tmp_path / f"track{film_ending(facts)}", tmp_path / "burned.mp4"
    list(attached(given, CUES, track, "de"))
    list(burned_in(given, CUES, burned))
    count = len(pictures(given)[0])
    assert len(pictures(track)[0]) == len(pictures(burned)[0]) == count
    assert subtitles(track)[0][0] == SHOWN[0]
    with av.open(str(burned)) as opened:
        assert opened.streams.video[0].codec_context.name == "h264"
        assert (opened.streams.video[0].width, opened.streams.video[0].height) == tuple(
            side // 2 * 2 for side in size
        ) or (opened.streams.video[0].width == round(size[0] / 2) * 2)
        assert bool(opened.streams.audio) == facts.has_sound
        if facts.has_sound:
            assert opened.streams.audio[0].duration * opened.streams.audio[0].time_base == pytest.approx(
                count / 25, abs=0.1
            )


@pytest.mark.parametrize("clockwise", [90, 180, 270])
def test_a_phone_video_is_upright_with_the_words_at_the_bottom(tmp_path, clockwise):
    """The stored picture has a dark bar at its top edge; turned, it has to lie where the phone shows it."""
    given = turned(make(tmp_path / "phone.mp4", (320, 180)), clockwise)
    out = tmp_path / "out.mp4"
    list(burned_in(given, (Cue(0, 1, ("Unten",)),), out))
    shown, _, rotation = pictures(out)
    assert rotation == 0
    assert shown[0].shape == ((180, 320) if clockwise == 180 else (320, 180))
    bar = np.rot90(pictures(given)[0][38], -clockwise // 90)
    assert np.abs(bar.astype(int) - shown[38].astype(int)).mean() < 4
    height = shown[10].shape[0]
    bright = np.nonzero((shown[10] > 220).any(axis=1))[0]
    assert height * 0.8 < bright.min() < bright.max() < height * 0.96


def test_every_picture_keeps_its_own_time(tmp_path):
    times = [number * 40 + number % 3 * 13 for number in range(40)]
    given = make(tmp_path / "vfr.mp4", times=times)
    out = tmp_path / "out.mp4"
    list(burned_in(given, CUES, out))
    assert [round(time * 1000) for time in pictures(out)[1]] == times


def test_words_on_an_upright_screen_are_broken_again_and_stay_on_it(tmp_path):
    given = make(tmp_path / "x.mp4", (180, 320))
    out = tmp_path / "out.mp4"
    long = Cue(0, 2, ("Ob wir das Dach des alten Gemeindehauses", "noch in diesem Jahr reparieren lassen"))
    list(burned_in(given, (long,), out))
    bright = pictures(out)[0][10] > 200
    assert not bright[:, :8].any()
    assert not bright[:, -8:].any()
    assert bright.any()


def test_a_film_that_begins_late_keeps_its_subtitles_in_step(tmp_path):
    """A recording of television may begin anywhere; captions count from its first moment."""
    given = make(tmp_path / "x.ts", late_s=5)
    with av.open(str(given)) as opened:
        assert opened.start_time > 4e6
    track, burned = tmp_path / "track.mkv", tmp_path / "burned.mp4"
    list(attached(given, CUES, track, "de"))
    list(burned_in(given, (Cue(0.4, 1.0, ("Wort",)),), burned))
    with av.open(str(track)) as opened:
        begin = opened.start_time / 1e6
    assert subtitles(track)[0][1] - begin == pytest.approx(0.4, abs=0.03)
    shown, times, _ = pictures(burned)
    lit = [time - times[0] for picture, time in zip(shown, times, strict=True) if (picture[130:] > 220).any()]
    assert (min(lit), max(lit)) == (pytest.approx(0.4, abs=0.05), pytest.approx(0.96, abs=0.05))


def test_overlapping_subtitles_are_shown_together():
    given = (Caption(0, 4, ("a",)), Caption(2, 6, ("b",)), Caption(8, 9, ("c",)), Caption(20, 30, ("d",)))
    assert between(given, 10) == [
        Caption(0, 2, ("a",)),
        Caption(2, 4, ("a", "b")),
        Caption(4, 6, ("b",)),
        Caption(8, 9, ("c",)),
    ]
    assert between(given, 0)[-1] == Caption(20, 30, ("d",))
    crowd = [Caption(at, 10, (str(at),)) for at in range(5)]
    assert [len(each.lines) for each in between(crowd, 0)] == [1, 2, 3, 3, 3]


def test_emoji_that_no_font_has_are_left_out_but_missing_letters_stop_the_work(small, tmp_path, monkeypatch):
    monkeypatch.setattr(film, "SYSTEM_FONTS", ())
    out, plain = tmp_path / "out.mp4", tmp_path / "plain.mp4"
    list(burned_in(small, (Cue(0, 1, ("\U0001f389 Fest \U0001f389",)), Cue(1, 3, ("\U0001f389",))), out))
    list(burned_in(small, (Cue(0, 1, ("Fest",)),), plain))
    assert all(np.array_equal(*pair) for pair in zip(pictures(out)[0], pictures(plain)[0], strict=True))
    with pytest.raises(ModelError) as caught:
        list(burned_in(small, (Cue(0, 1, ("博物馆",)),), tmp_path / "zh.mp4"))
    assert caught.value.key == "export.no_font"


def test_pictures_that_share_a_moment_are_shown_once_and_whole_pictures_stay_rare(tmp_path):
    """Every picture of a camera's Motion JPEG is whole; written like that again, the film would be huge."""
    times = [number // 2 * 80 for number in range(40)]
    given = tmp_path / "camera.mkv"
    source = make(tmp_path / "x.mkv", codec="mjpeg", pixels="yuvj420p", sound=None)
    with av.open(str(source)) as opened, av.open(str(given), "w") as made:
        track = made.add_stream_from_template(opened.streams.video[0])
        for packet, time in zip(opened.demux(video=0), times, strict=False):
            packet.stream, packet.time_base, packet.pts, packet.dts = track, Fraction(1, 1000), time, time
            made.mux(packet)
    assert pictures(given)[1] == [time / 1000 for time in times]
    out = tmp_path / "out.mp4"
    list(burned_in(given, CUES, out))
    assert [round(1000 * time) for time in pictures(out)[1]] == sorted(set(times))
    with av.open(str(out)) as opened:
        assert sum(packet.is_keyframe for packet in opened.demux(video=0)) < 4


# ---- what is no film


@pytest.mark.parametrize(
    ("work", "name", "key"),
    [
        ("attach", "sound.mp4", "export.no_video"),
        ("attach", "empty.mp4", "export.film_broken"),
        ("burn", "cover.m4a", "export.no_video"),
        ("burn", "list.m3u8", "export.film_broken"),
        ("look", "cover.m4a", "export.no_video"),
        ("look", "text.mp4", "export.film_broken"),
    ],
)
def test_what_is_no_film_gets_a_sentence_and_leaves_nothing_behind(tmp_path, name, key, work):
    bad = tmp_path / name
    contents = {
        "empty.mp4": b"",
        "text.mp4": b"Guten Tag. " * 500,
        "list.m3u8": b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n",
    }
    if name in ("sound.mp4", "cover.m4a"):
        make_sound(bad, cover=name == "cover.m4a")
    else:
        bad.write_bytes(contents[name])
    out = tmp_path / "out.mp4"
    with pytest.raises(ModelError) as caught:
        {
            "attach": lambda: list(attached(bad, CUES, out, "de", name="Mein Film")),
            "burn": lambda: list(burned_in(bad, CUES, out, name="Mein Film")),
            "look": lambda: film_facts(bad, "Mein Film"),
        }[work]()
    assert caught.value.key == key
    assert caught.value.facts == {"name": "Mein Film"}
    assert list(tmp_path.iterdir()) == [bad]


def test_half_a_film_is_used_as_far_as_it_goes(tmp_path):
    whole = make(tmp_path / "x.mkv")
    half = tmp_path / "half.mkv"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    out = tmp_path / "out.mp4"
    list(burned_in(half, CUES, out))
    assert 0 < len(pictures(out)[0]) < 40


def test_damaged_pictures_are_left_out(tmp_path):
    given = make(tmp_path / "x.mkv", codec="mjpeg", pixels="yuvj420p", sound=None)
    raw = bytearray(given.read_bytes())
    begins = [found.start() for found in re.finditer(rb"\xff\xd8\xff", raw)]
    for begin, following in pairwise(begins[10:14]):
        raw[begin : following - 40] = bytes(following - 40 - begin)
    given.write_bytes(raw)
    out = tmp_path / "out.mp4"
    list(burned_in(given, CUES, out))
    assert len(pictures(out)[0]) == 37


def test_sound_that_mp4_cannot_hold_asks_for_mkv(tmp_path):
    given = make(tmp_path / "x.mov", sound="pcm_s16le")
    assert film_ending(film_facts(given)) == ".mkv"
    with pytest.raises(ModelError) as caught:
        list(attached(given, CUES, tmp_path / "out.mp4", "de"))
    assert caught.value.key == "export.film_needs_mkv"


def test_an_old_windows_film_takes_no_track_but_words_in_the_picture(tmp_path):
    given, out = make(tmp_path / "x.wmv", codec="wmv2", sound="wmav2"), tmp_path / "out.mp4"
    assert film_ending(film_facts(given)) == ".mkv"
    with pytest.raises(ModelError) as caught:
        list(attached(given, CUES, tmp_path / "out.mkv", "de"))
    assert caught.value.key == "export.film_needs_mkv"
    list(burned_in(given, CUES, out))
    with av.open(str(out)) as opened:
        sound = opened.streams.audio[0]
        assert float(sound.duration * sound.time_base) == pytest.approx(1.6, abs=0.1)


def test_sound_with_coarse_times_is_made_anew_without_a_hole(tmp_path, monkeypatch):
    """AVI counts MP3 in pieces of 24 ms; here it must not be copied, as if players did not know it."""
    from models.film import burn, tracks

    given, out = make(tmp_path / "x.avi", codec="mpeg4", sound="libmp3lame"), tmp_path / "out.mp4"
    monkeypatch.setattr(burn, "opened", lambda: av.open(str(given)))
    monkeypatch.setattr(tracks, "COPIED", frozenset())
    list(burn.burn(Job("burn", out=str(out))))
    with av.open(str(out)) as opened:
        assert opened.streams.audio[0].codec_context.name == "aac"
        times = [packet.pts for packet in opened.demux(audio=0) if packet.size]
        assert {after - before for before, after in pairwise(times)} == {1024}


@pytest.mark.parametrize(
    ("mode", "limits", "key"),
    [
        ("attach", FilmLimits(seconds=1), "export.film_too_long"),
        ("burn", FilmLimits(seconds=1), "export.film_too_long"),
        ("burn", FilmLimits(pixels=1000), "export.film_broken"),
        ("burn", FilmLimits(memory_bytes=20_000_000), "export.film_too_much"),
        ("burn", FilmLimits(work_s=0.01), "export.film_too_much"),
    ],
)
def test_limits_are_kept(small, tmp_path, monkeypatch, mode, limits, key):
    monkeypatch.setattr(
        making, "PULSE_S", 0.01
    )  # a quick machine is done with a film this small between two looks
    with pytest.raises(ModelError) as caught:
        list(making.made(small, tmp_path / "out.mp4", Job(mode, limits=limits), "x"))
    assert caught.value.key == key
    assert not list(tmp_path.glob("out*"))


def test_a_program_that_does_not_come_forward_is_ended(small, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "CHILD", ["-c", "import time; time.sleep(60)"])
    with pytest.raises(ModelError) as caught:
        list(making.made(small, tmp_path / "out.mp4", Job("burn", limits=FilmLimits(idle_s=0.5)), "x"))
    assert caught.value.key == "export.film_too_much"


def test_a_full_disk_gets_a_sentence(small, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "KEPT_FREE_BYTES", 10**18)
    with pytest.raises(ModelError) as caught:
        list(attached(small, CUES, tmp_path / "out.mp4", "de"))
    assert caught.value.key == "export.disk_full"
    assert list(tmp_path.iterdir()) == [small]


def test_the_program_knows_a_full_disk_from_a_broken_film(capsys, monkeypatch, tmp_path):
    from models.film import child

    def full(_job):
        raise av.error.OSError(errno.ENOSPC, "No space left on device")

    job = tmp_path / "job.json"
    job.write_text(Job("burn").written(), encoding="utf-8")
    monkeypatch.setattr(child, "_work", full)
    monkeypatch.setattr(child, "_lock_in", lambda _limits: None)
    child.main(job)
    assert capsys.readouterr().out == '{"error": "disk_full"}\n'


def test_stopping_ends_the_program_and_leaves_nothing_behind(tmp_path):
    given = make(tmp_path / "x.mp4", (640, 360), pictures=600)
    out = tmp_path / "out.mp4"
    running = burned_in(given, CUES, out)
    for _ in running:
        if out.with_name("out.mp4.part").exists():
            break
    running.close()
    assert not out.exists()
    assert list(tmp_path.iterdir()) == [given]


def test_a_job_is_read_as_it_was_written():
    job = Job(
        "burn", "out.mp4", "mp4", (Caption(0.5, 1, ("ä", "b")),), "deu", ("x.ttf",), FilmLimits(seconds=5)
    )
    assert Job.read(job.written()) == job


def test_every_trouble_of_the_program_has_a_sentence():
    from typing import get_args

    from models.film.job import Trouble
    from stations.texts import sentences

    assert set(making.KEYS) == set(get_args(Trouble))
    assert set(making.KEYS.values()) <= set(sentences("de"))
    assert FilmError("no_font").trouble == "no_font"
