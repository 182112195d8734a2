"""Recordings of every kind, made here, are decoded whole; damaged, hostile and wrong ones end in a sentence."""

import io
import json
import os
import shutil
import struct
import subprocess
import sys
import time
import wave
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from models.audio import child, decoding, frames, sink, sound_child, sound_file, whole
from models.audio.decoding import decode
from models.audio.sound_file import look_into
from models.engines.base import SPEECH_RATE
from models.errors import ModelError
from stations.messages import sentence

av = pytest.importorskip("av", reason="PyAV is not installed")

SECONDS = 3.0
TONES = (220, 440, 550, 660, 770, 880)
"""What each channel sounds like, in Hz."""
Kind = namedtuple("Kind", "codec rate layout more", defaults=("stereo", {}))
AMR = {"format": "s16", "bit_rate": 12_200}
LIVE = {"options": {"live": "1"}}
FILM = {"film": True}
KINDS = {
    "mono.wav": Kind("pcm_s16le", 16_000, "mono"),
    "float.wav": Kind("pcm_f32le", 48_000),
    "phone.wav": Kind("pcm_u8", 8_000, "mono"),
    "five-one.wav": Kind("pcm_s16le", 48_000, "5.1"),
    "a.mp3": Kind("libmp3lame", 44_100, "stereo", {"format": "fltp"}),
    "uncounted.mp3": Kind("libmp3lame", 48_000, "stereo", {"format": "fltp", "options": {"write_xing": "0"}}),
    "a.m4a": Kind("aac", 44_100, "stereo", {"container": "ipod"}),
    "fast.m4a": Kind("aac", 48_000, "mono", {"container": "ipod", "options": {"movflags": "faststart"}}),
    "a.aac": Kind("aac", 48_000, "stereo", {"container": "adts"}),
    "a.ogg": Kind("libopus", 48_000),
    "a.webm": Kind("libopus", 48_000),
    "browser.webm": Kind("libopus", 48_000, "mono", LIVE),
    "a.flac": Kind("flac", 44_100, "stereo", {"format": "s16"}),
    "a.aiff": Kind("pcm_s16be", 44_100),
    "a.3gp": Kind("libopencore_amrnb", 8_000, "mono", AMR),
    "film.mp4": Kind("aac", 48_000, "stereo", FILM),
    "film.mov": Kind("aac", 44_100, "mono", FILM),
    "film.mkv": Kind("libopus", 48_000, "stereo", FILM),
    "film.avi": Kind("libmp3lame", 48_000, "stereo", FILM | {"format": "fltp"}),
}


def tones(seconds, rate, channels):
    at = np.arange(round(seconds * rate)) / rate
    return np.stack([0.3 * np.sin(2 * np.pi * tone * at) for tone in TONES[:channels]]).astype(np.float32)


def sound_packets(stream, kind, begin_s=0.0):
    context = stream.codec_context
    channels = av.AudioLayout(kind.layout).nb_channels
    frame = av.AudioFrame.from_ndarray(tones(SECONDS, kind.rate, channels), format="fltp", layout=kind.layout)
    frame.sample_rate, frame.pts = kind.rate, 0
    if not context.is_open:
        context.open()
    wanted = av.AudioResampler(context.format, kind.layout, kind.rate, frame_size=context.frame_size or 1024)
    for at, each in enumerate([*wanted.resample(frame), *wanted.resample(None), None]):
        if each is not None:
            each.pts = round(begin_s * kind.rate) + at * (context.frame_size or 1024)
        yield from stream.encode(each)


def picture_packets(stream):
    for at in range(int(SECONDS * 10)):
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), at, np.uint8))
        frame.pts = at
        yield from stream.encode(frame)
    yield from stream.encode(None)


def write(place, kind, *, begin_s=0.0, late=lambda packet: None):
    """Write a recording with PyAV; ``late`` may change a packet of the sound."""
    more = dict(kind.more)
    with av.open(str(place), "w", format=more.get("container"), options=more.get("options", {})) as output:
        streams = []
        if more.get("film"):
            picture = output.add_stream("mpeg4", rate=10)
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
            streams += [picture_packets(picture)]
        if kind.codec:
            sound = output.add_stream(kind.codec, rate=kind.rate)
            sound.codec_context.layout = kind.layout
            sound.codec_context.format = more.get("format", sound.codec_context.format)
            sound.codec_context.bit_rate = more.get("bit_rate", 64_000)
            streams += [sound_packets(sound, kind, begin_s)]
        for packets in streams:
            for packet in packets:
                if packet.stream.type == "audio":
                    late(packet)
                output.mux(packet)
    return Path(place)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A recording of a kind, made once."""
    folder = tmp_path_factory.mktemp("made")

    def file(name):
        place = folder / name
        return place if place.exists() else write(place, KINDS[name])

    return file


@pytest.fixture
def put(tmp_path):
    def written(name, content):
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path / name

    return written


@pytest.fixture
def raw(tmp_path):
    return tmp_path / "out" / "sound.raw"


@pytest.fixture
def last(raw):
    """Decode a file and return the last state, having looked at all."""
    raw.parent.mkdir()

    def decoded(file, **limits):
        states = list(decode(file, raw, raw.with_suffix(".mp3"), **limits))
        assert [state.done for state in states[:-1]] == [False] * (len(states) - 1)
        assert len({state.recording for state in states}) == 1
        done = [state.seconds_done for state in states]
        assert done == sorted(done)
        assert states[-1].done
        assert states[-1].recording.seconds == pytest.approx(states[-1].seconds_done, abs=1e-4)
        return states[-1]

    return decoded


def refusal(call):
    """The key of the error, which must become a sentence in both languages."""
    with pytest.raises(ModelError) as caught:
        call()
    for language in ("de", "en"):
        assert "{" not in sentence(caught.value, language)
    return caught.value.key


def look(file):
    return refusal(lambda: look_into(file))


def tone(samples):
    """The loudest frequency."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(np.argmax(spectrum)) * SPEECH_RATE / samples.size


def wav(samples, rate=16_000):
    """Frames × channels as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as output:
        output.setparams((samples.shape[1], 2, rate, 0, "NONE", ""))
        output.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


# --- whole ---


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_recording_comes_out_whole_and_in_tune(made, last, raw, name):
    state, kind = last(made(name)), KINDS[name]
    assert state.seconds_done == pytest.approx(SECONDS, abs=0.06)
    assert (state.lost_s, state.cut_off) == (0, False)
    assert state.recording.channels == (2 if kind.layout == "stereo" else 1)
    for channel in range(state.recording.channels if kind.layout != "5.1" else 0):
        assert tone(state.recording.samples(0.5, 2.5, channel)) == pytest.approx(TONES[channel], abs=3)
    assert float(np.abs(state.recording.samples(0.5, 2.5)).max()) > 0.1
    with av.open(str(raw.with_suffix(".mp3"))) as mp3:
        assert mp3.format.name == "mp3"
        assert mp3.duration / 1e6 == pytest.approx(state.seconds_done, abs=0.15)
        assert mp3.streams.audio[0].channels == state.recording.channels
    assert sorted(file.name for file in raw.parent.iterdir()) == ["sound.mp3", "sound.raw"]


@pytest.mark.parametrize("name", ["a.mp3", "film.mp4", "browser.webm", "five-one.wav"])
def test_a_look_says_what_the_file_says(made, name):
    seen = look_into(made(name))
    assert seen.has_video == name.startswith("film")
    assert seen.channels == {"five-one.wav": 6, "browser.webm": 1}.get(name, 2)
    assert seen.stated_s == (None if name == "browser.webm" else pytest.approx(SECONDS, abs=0.1))


def test_the_name_of_a_file_does_not_count(made, tmp_path, last):
    for name in ("song.wav", "-report", "concat:a|b.txt"):
        shutil.copy(made("a.mp3"), tmp_path / name)
        assert look_into(tmp_path / name).format == "mp3"
    assert last(tmp_path / "song.wav").seconds_done == pytest.approx(SECONDS, abs=0.1)


def test_the_mp3_of_a_recording_can_be_left_out(made, raw):
    raw.parent.mkdir()
    assert list(decode(made("mono.wav"), raw, None))[-1].done
    assert [file.name for file in raw.parent.iterdir()] == ["sound.raw"]


def test_a_tenth_of_a_second_is_a_recording_and_less_is_none(put, last):
    assert last(put("a.wav", wav(np.ones((1600, 1))))).seconds_done == 0.1
    assert refusal(lambda: last(put("a.wav", wav(np.ones((1500, 1)))))) == "sound.too_short"
    assert refusal(lambda: last(put("a.wav", wav(np.ones((0, 1)))))) == "sound.too_short"


def test_the_last_moment_of_a_resampled_recording_is_there(put, last):
    state = last(put("a.wav", wav(np.full((44_100, 1), 5000), rate=44_100)))
    assert state.seconds_done == pytest.approx(1.0, abs=0.0003)


@pytest.mark.parametrize("channels", [3, 9, 16])
def test_of_channels_that_nobody_describes_none_is_dropped(put, last, channels):
    for loud in (0, channels - 1):
        samples = np.zeros((8000, channels))
        samples[:, loud] = 16_000
        state = last(put("a.wav", wav(samples)))
        assert state.recording.channels == 1
        assert state.recording.samples(0.1, 0.4).mean() == pytest.approx(16_000 / 32_768 / channels, rel=0.02)


def test_the_rate_of_the_child_is_that_of_the_engines():
    assert sink.RATE == SPEECH_RATE


# --- times ---


def test_where_the_sound_of_a_film_begins_later_there_is_silence_first(tmp_path, last):
    state = last(write(tmp_path / "late.mkv", KINDS["film.mkv"], begin_s=1.0))
    assert np.abs(state.recording.samples(0, 0.95)).max() < 0.01
    assert np.abs(state.recording.samples(1.1, 3.9)).max() > 0.1
    assert state.seconds_done == pytest.approx(1 + SECONDS, abs=0.06)


def test_a_hole_in_the_middle_is_silent_and_what_follows_keeps_its_time(tmp_path, last):
    def pause(packet):
        if packet.pts * packet.time_base >= 1:
            packet.pts += round(2 / packet.time_base)
            packet.dts = packet.pts

    state = last(write(tmp_path / "a.webm", KINDS["browser.webm"], late=pause))
    assert state.seconds_done == pytest.approx(SECONDS + 2, abs=0.06)
    assert np.abs(state.recording.samples(1.1, 2.9)).max() < 0.01
    assert np.abs(state.recording.samples(3.1, 3.4)).max() > 0.1
    assert state.lost_s == 0


def test_a_clock_that_is_set_anew_makes_no_hole(tmp_path, last):
    def jump(packet):
        if packet.pts * packet.time_base >= 1:
            packet.pts += round(5000 / packet.time_base)
            packet.dts = packet.pts

    state = last(write(tmp_path / "a.mkv", Kind("pcm_s16le", 16_000, "mono", LIVE), late=jump))
    assert state.seconds_done == pytest.approx(SECONDS, abs=0.2)


def test_holes_are_told_from_clocks_that_are_set_anew():
    piece = namedtuple("piece", "time samples sample_rate")
    ticks = [5, 6, 8, 9, 0, 1, 4, 5, 9000, 9001, 9002.05]
    holes = [0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0]
    clock = frames.Clock(None, 0)
    assert [clock.hole(piece(tick, 8000, 8000)) for tick in ticks] == holes
    film = frames.Clock(4.0, 0)
    assert [film.hole(piece(tick, 8000, 8000)) for tick in (5, None, 7)] == [1, 0, 0]


def test_a_clock_that_begins_again_loses_nothing(put, made, last):
    twice = put("chain.ogg", 2 * made("a.ogg").read_bytes())
    assert last(twice).seconds_done == pytest.approx(2 * SECONDS, abs=0.1)


def test_recordings_of_different_kinds_in_one_file_follow_each_other(put, made, tmp_path, last):
    other = write(tmp_path / "b.mp3", Kind("libmp3lame", 16_000, "mono", {"format": "fltp"}))
    state = last(put("both.mp3", made("uncounted.mp3").read_bytes() + other.read_bytes()))
    assert state.seconds_done == pytest.approx(2 * SECONDS, abs=0.3)
    assert state.recording.channels == 2
    assert tone(state.recording.samples(3.5, 5.5, 1)) == pytest.approx(TONES[0], abs=3)


# --- half and damaged ---

HALF = {
    "mono.wav": "lost",
    "float.wav": "lost",
    "a.mp3": "lost",
    "fast.m4a": "lost",
    "a.flac": "lost",
    "a.aiff": "lost",
    "film.avi": "lost",
    "a.webm": "lost",
    "a.ogg": "cut off",
    "browser.webm": "cut off",
    "film.mkv": "cut off",
    "a.m4a": "sound.broken",
    "film.mp4": "sound.broken",
    "a.3gp": "sound.broken",
    "uncounted.mp3": "",
}


@pytest.mark.parametrize("name", HALF)
def test_half_a_file_is_called_half(put, made, last, name):
    content = made(name).read_bytes()
    half = put("half", content[: len(content) * 55 // 100])
    if HALF[name].startswith("sound."):
        assert look(half) == HALF[name]
        return
    state = last(half)
    assert 0.5 < state.seconds_done < 2.2
    if HALF[name] == "lost":
        by_the_size = 0.9 if name == "film.avi" else 0.2
        assert state.lost_s + state.seconds_done == pytest.approx(SECONDS, abs=by_the_size)
        assert state.lost_s > 0.4
    else:
        assert (state.lost_s, state.cut_off) == (0, HALF[name] == "cut off")


def test_a_damaged_page_of_an_ogg_file_is_missed(put, made, last):
    content = made("a.ogg").read_bytes()
    *_, second, _third = (at for at in range(len(content)) if content.startswith(b"OggS", at))
    state = last(put("a.ogg", content[: second + 1000] + bytes(1000) + content[second + 2000 :]))
    assert state.lost_s == pytest.approx(1.0, abs=0.1)
    assert state.seconds_done == pytest.approx(SECONDS - 1.0, abs=0.1)


def test_damaged_packets_are_counted_as_lost(tmp_path, last):
    def spoil(packet):
        if 1 <= packet.pts * packet.time_base < 2:
            packet.update(b"\xff" * packet.size)

    state = last(write(tmp_path / "a.mkv", Kind("flac", 16_000, "mono", {"format": "s16"}), late=spoil))
    assert state.seconds_done == pytest.approx(SECONDS, abs=0.1)
    assert state.lost_s == pytest.approx(1.0, abs=0.4)


def test_where_everything_is_damaged_the_file_is_broken_not_short(tmp_path, last):
    def spoil(packet):
        packet.update(b"\xff" * packet.size)

    file = write(tmp_path / "a.mkv", Kind("flac", 16_000, "mono", {"format": "s16"}), late=spoil)
    assert refusal(lambda: last(file)) == "sound.broken"


def lying(content, riff, data):
    """A WAV file whose header gives other sizes."""
    return content[:4] + struct.pack("<I", riff) + content[8:40] + struct.pack("<I", data) + content[44:]


def test_sizes_of_a_recorder_that_did_not_know_its_end_are_no_loss(put, last):
    content = wav(1000 * np.ones((48_000, 1)))
    for size in (0, 0xFFFFFFFF, 0x7FFFFFFF):
        state = last(put("a.wav", lying(content, size, size)))
        assert (state.seconds_done, state.lost_s) == (pytest.approx(3.0, abs=0.01), 0)


def test_a_header_that_promises_more_than_there_is_tells_what_is_missing(put, last):
    content = wav(1000 * np.ones((48_000, 1)))
    state = last(put("a.wav", lying(content, 9 * 32_000 + 36, 9 * 32_000)))
    assert (state.seconds_done, state.lost_s) == (pytest.approx(3.0, abs=0.01), pytest.approx(6.0, abs=0.01))


def test_a_short_file_that_claims_to_be_endless_is_not_refused(put, made, last):
    content = made("a.aiff").read_bytes()
    at = content.index(b"COMM") + 10  # how many moments there are
    state = last(put("a.aiff", content[:at] + struct.pack(">I", 6 * 3600 * 44_100) + content[at + 4 :]))
    assert state.seconds_done == pytest.approx(SECONDS, abs=0.1)


def test_estimates_are_not_believed(made):
    assert not whole._is_reliable(made("uncounted.mp3"), look_into(made("uncounted.mp3")))
    assert whole._is_reliable(made("a.mp3"), look_into(made("a.mp3")))


def test_the_counting_frame_of_an_mp3_is_found_behind_a_big_tag(put, made):
    tag = b"ID3\4\0\0" + bytes([0, 6, 13, 32]) + bytes(6 * 128 * 128 + 13 * 128 + 32)
    assert whole._is_reliable(
        put("a.mp3", tag + made("a.mp3").read_bytes()), sound_file.SoundFile("mp3", 2, False)
    )


@pytest.mark.parametrize(("cut", "torn"), [(0, False), (1, True), (100, True)])
def test_an_ogg_file_is_torn_when_its_last_page_is(put, made, cut, torn):
    content = made("a.ogg").read_bytes()
    ogg = sound_file.SoundFile("ogg", 2, False)
    assert whole.is_torn(put("a.ogg", content[: len(content) - cut]), ogg) == torn
    begin_of_header = content[: content.rfind(b"OggS") + 10]
    assert whole.is_torn(put("b.ogg", begin_of_header), ogg)
    assert not whole.is_torn(put("c.ogg", b"no page at all"), ogg)


# --- refused ---

NO_SOUND = {
    "text": "Protokoll der Sitzung vom 3. Mai\n" * 300,
    "utf16": "Protokoll der Sitzung\n".encode("utf-16") * 50,
    "pdf": b"%PDF-1.7\n" + bytes(range(256)) * 40,
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40,
    "webp": b"RIFF\x00\x10\x00\x00WEBPVP8 " + bytes(range(256)) * 40,
    "zip": b"PK\x03\x04" + bytes(range(256)) * 40,
    "noise": np.random.default_rng(2).bytes(50_000),
    "zeros": bytes(10_000),
    "one": b"x",
}


@pytest.mark.parametrize("name", NO_SOUND)
def test_what_is_no_sound_is_called_so(put, name):
    assert look(put(name, NO_SOUND[name])) == "sound.not_sound"


BROKEN = {
    "cut header": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "mp4 without contents": b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42" + bytes(5000),
    "ogg": b"OggS" + bytes(5000),
    "matroska": b"\x1aE\xdf\xa3" + bytes(5000),
    "mp3": b"\xff\xfb\x90\x44" + b"\x13\x37" * 3000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_begins_like_sound_and_gives_none_is_broken(put, last, name):
    assert refusal(lambda: last(put(name, BROKEN[name]))) == "sound.broken"


def test_nothing_missing_and_mute_are_three_sentences(put, tmp_path):
    assert look(put("a.wav", b"")) == "sound.empty"
    assert look(tmp_path / "gone.wav") == "sound.not_found"
    assert look(tmp_path) == "sound.not_found"
    assert look(write(tmp_path / "a.mp4", Kind("", 0, "mono", FILM))) == "sound.no_sound"


def test_the_cover_of_an_album_makes_no_film(tmp_path, made, last):
    import PIL.Image

    cover, place = io.BytesIO(), tmp_path / "a.mp3"
    PIL.Image.new("RGB", (64, 64)).save(cover, "PNG")
    with av.open(str(made("a.mp3"))) as old, av.open(str(place), "w") as new:
        sound = new.add_stream_from_template(old.streams.audio[0])
        picture = new.add_stream("png", rate=1)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "rgb24"
        picture.disposition = av.stream.Disposition.attached_pic
        for packet in old.demux(old.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = sound
                new.mux(packet)
        shown = av.packet.Packet(cover.getvalue())
        shown.stream, shown.pts, shown.dts = picture, 0, 0
        new.mux(shown)
    assert not look_into(place).has_video
    assert last(place).seconds_done == pytest.approx(SECONDS, abs=0.1)


def test_a_playlist_opens_no_other_file(put, made):
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\n{made('a.mp3')}\n#EXT-X-ENDLIST\n"
    assert look(put("a.m3u8", playlist)) == "sound.not_sound"
    with put("a.m3u8", playlist).open("rb") as named, av.open(named) as followed:
        assert followed.streams.audio  # that is what FFmpeg does by itself
    with put("a.m3u8", playlist).open("rb") as named, pytest.raises(av.FFmpegError):
        sound_child.opened(named)


def test_sound_that_nobody_can_decode_is_told_apart(put, made):
    content = made("mono.wav").read_bytes()
    assert look(put("a.wav", content[:20] + b"\x34\x12" + content[22:])) == "sound.unknown_codec"
    assert look(put("a.wav", wav(np.ones((5000, 1)), rate=50))) == "sound.unknown_codec"


def test_more_than_four_hours_are_refused_with_both_numbers(put):
    five_hours = 5 * 3600 * 8000
    file = put("a.wav", lying(wav(np.ones((4000, 1)), rate=4000), five_hours + 36, five_hours))
    os.truncate(file, five_hours + 44)
    with pytest.raises(ModelError) as caught:
        look_into(file)
    assert caught.value.facts == {"minutes": 300, "most": 240}
    assert "300 Minuten" in sentence(caught.value, "de")


def test_a_recording_that_goes_on_and_on_is_stopped(made, last, raw, monkeypatch):
    monkeypatch.setattr(decoding, "SPARE_S", 0)
    assert refusal(lambda: last(made("browser.webm"), longest_s=2)) == "sound.too_long"
    assert list(raw.parent.iterdir()) == []


# --- the disk ---


def test_a_full_disk_is_told_before_and_while_writing(made, last, raw, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(decoding.RESERVE_BYTES + 100_000))
    with pytest.raises(ModelError) as caught:
        last(made("a.mp3"))
    assert caught.value.key == "sound.disk_full"
    assert caught.value.facts["needed"] > decoding.RESERVE_BYTES + 3 * 64_000
    assert "200,1 MB sind frei" in sentence(caught.value, "de")
    left = iter([10**12])
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(next(left, 1000)))
    assert refusal(lambda: last(made("a.mp3"))) == "sound.disk_full"
    assert list(raw.parent.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_the_child_tells_that_the_disk_is_full(made):
    assert run_child(made("a.mp3"), "/dev/full")[-1] == {"error": "disk_full"}


# --- the child ---


def run_child(file, *places, memory_bytes=1_000_000_000):
    command = [sys.executable, *child.CHILD, str(memory_bytes), "60", "100", *map(str, places)]
    with file.open("rb") as given:
        ended = subprocess.run(command, stdin=given, capture_output=True, check=False)
    return [json.loads(line) for line in ended.stdout.splitlines()]


ABOUT = json.dumps(
    {
        "format": "wav",
        "has_video": False,
        "has_sound": True,
        "decodable": True,
        "stated_s": 9.0,
        "own": True,
        "channels": 1,
        "room_s": None,
    }
)
TELLS = f"import sys, time, os; print({ABOUT!r}, flush=True); "
ENDS = {
    "silent": (TELLS + "time.sleep(60)", "sound.took_too_long"),
    "crashed": (TELLS + "os.kill(os.getpid(), 11)", "sound.broken"),
    "aborted": (TELLS + "os.abort()", "sound.broken"),
    "babbling": (TELLS + "print('x' * 500_000)", "sound.broken"),
    "other things": (TELLS + "print('[1]')", "sound.broken"),
    "gone early": (TELLS, "sound.broken"),
    "gone at once": ("", "sound.broken"),
    "greedy": (TELLS + "x = b'x' * 400_000_000; time.sleep(60)", "sound.broken"),
}


@pytest.mark.parametrize("how", ENDS)
def test_however_the_child_ends_there_is_a_sentence(made, last, raw, monkeypatch, how):
    program, key = ENDS[how]
    monkeypatch.setattr(child, "CHILD", ("-c", program))
    monkeypatch.setattr(child, "MEMORY_BYTES", 200_000_000)
    monkeypatch.setattr(decoding, "STALLED_S", 60 if how == "greedy" else 1)
    began = time.monotonic()
    assert refusal(lambda: last(made("mono.wav"))) == key
    assert time.monotonic() - began < 30
    assert list(raw.parent.iterdir()) == []


def test_a_child_that_goes_on_for_too_long_is_ended(made, raw, monkeypatch):
    raw.parent.mkdir()
    monkeypatch.setattr(
        child, "CHILD", ("-c", TELLS + "\nwhile True: print('{\"at_s\": 1}', flush=True); time.sleep(.1)")
    )
    monkeypatch.setattr(decoding, "WORK_S", 1)
    assert refusal(lambda: list(decode(made("mono.wav"), raw, None))) == "sound.took_too_long"


def test_while_the_child_is_silent_there_are_beats(made, raw, monkeypatch):
    raw.parent.mkdir()
    monkeypatch.setattr(child, "CHILD", ("-c", TELLS + "time.sleep(60)"))
    with closing(decode(made("mono.wav"), raw, None)) as states:
        next(states)
        began = time.monotonic()
        assert [next(states).done for _ in range(3)] == [False] * 3
        assert time.monotonic() - began < 3


def test_closing_ends_the_child_and_leaves_no_half_mp3(put, raw):
    import psutil

    raw.parent.mkdir()
    file = put("long.wav", wav(np.zeros((20_000_000, 1))))
    with closing(decode(file, raw, raw.with_suffix(".mp3"))) as states:
        next(state for state in states if state.seconds_done > 5)
        assert raw.with_suffix(".mp3.part").exists()
        assert psutil.Process().children()
    assert not [each for each in psutil.Process().children() if "sound_child" in " ".join(each.cmdline())]
    assert [left.name for left in raw.parent.iterdir()] == ["sound.raw"]


def test_a_reader_sees_the_sound_grow(put, raw):
    raw.parent.mkdir()
    file = put("long.wav", wav(np.full((5_000_000, 1), 1000)))
    for state in decode(file, raw, None):
        assert state.recording.seconds >= state.seconds_done
        end_s = state.recording.seconds
        if end_s > 1:
            assert state.recording.samples(end_s - 1, end_s).mean() == pytest.approx(1000 / 32_768, rel=0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process limit its own memory")
def test_the_child_cannot_take_more_memory_than_it_may(made):
    said = run_child(made("a.mp3"), memory_bytes=60_000_000)
    assert not said or "error" in said[-1]
