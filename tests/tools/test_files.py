import os

import pytest

from conduit.errors import SetupError
from conduit.keys import Keys
from conduit.tools.files import file_tools, page
from conduit.tools.folder import MOST_BYTES, Folder

KEY = "sk-" + "a1B2" * 8


@pytest.fixture
def place(tmp_path):
    (tmp_path / "outside.txt").write_text("outside")
    place = tmp_path / "set"
    (place / "notes").mkdir(parents=True)
    (place / "notes" / "ideas.md").write_text("slow\nDark bass\n")
    (place / "take.txt").write_text("one")
    return place


@pytest.fixture
def tools(place):
    return file_tools(Folder(place), clean=Keys({}).scrub)


def test_a_file_is_listed_read_and_found(tools, call):
    assert call(tools, "list_files") == "take.txt (3 bytes)\nnotes/ideas.md (15 bytes)"
    assert call(tools, "list_files", below="notes", name_contains="IDEA") == "notes/ideas.md (15 bytes)"
    assert call(tools, "read_file", path="notes/ideas.md", start_line=2) == "lines 2-3 of 3\nDark bass\n"
    assert call(tools, "search_files", text="dark") == "notes/ideas.md:2: Dark bass"
    assert call(tools, "search_files", text="bright") == "nothing found"


@pytest.mark.parametrize(
    "path",
    [
        "../outside.txt",
        "notes/../../outside.txt",
        "notes/../take.txt",
        "..\\outside.txt",
        "/etc/passwd",
        "//server/share",
        "~/x",
        "~root/x",
        "C:\\Windows\\win.ini",
        "C:x",
        "\\\\server\\share\\x",
        "take.txt\0.md",
    ],
)
def test_a_path_that_is_not_plainly_below_is_refused_by_its_looks(place, path):
    with pytest.raises(SetupError, match="give a path below"):
        Folder(place).read(path)
    with pytest.raises(SetupError, match="give a path below"):
        list(Folder(place).files(path))


def test_a_refused_path_does_not_tell_whether_the_file_exists(place):
    def said(path):
        with pytest.raises(SetupError) as caught:
            Folder(place).read(path)
        return caught.value.message.replace(path, "PATH")

    assert said("../outside.txt") == said("../nowhere.txt")


def test_a_link_out_is_neither_read_listed_nor_entered(place, tmp_path, tools, call):
    (place / "link.txt").symlink_to(tmp_path / "outside.txt")
    (place / "up").symlink_to(tmp_path)
    (place / "circle").symlink_to(place / "circle")

    for path in ("link.txt", "up/outside.txt", "circle"):
        assert call(tools, "read_file", path=path).startswith("refused: ")
    assert call(tools, "list_files", below="up").startswith("refused: ")
    assert "outside" not in call(tools, "list_files") + call(tools, "search_files", text="outside")


def test_a_link_inside_is_read_unless_what_it_leads_to_is_hidden(place):
    (place / "same.txt").symlink_to(place / "take.txt")
    (place / ".env").write_text("x")
    (place / "innocent.txt").symlink_to(place / ".env")

    assert Folder(place).read("same.txt") == "one"
    with pytest.raises(SetupError, match="hidden"):
        Folder(place).read("innocent.txt")


def test_the_folder_itself_may_be_reached_by_a_link(place, tmp_path):
    (tmp_path / "short").symlink_to(place)

    assert Folder(tmp_path / "short").read("take.txt") == "one"


@pytest.mark.parametrize(
    "path",
    [".env", ".git/config", "a/.ssh/known", "server.pem", "id_rsa", "id_ed25519.pub", "Credentials.JSON"],
)
def test_hidden_files_and_files_that_keep_keys_are_not_there(place, path):
    (place / path).parent.mkdir(parents=True, exist_ok=True)
    (place / path).write_text("x")

    assert [file.path for file in Folder(place).files()] == ["take.txt", "notes/ideas.md"]
    with pytest.raises(SetupError, match="kept back"):
        Folder(place).read(path)


@pytest.mark.timeout(10)
def test_what_is_no_plain_file_is_refused_without_waiting(place):
    os.mkfifo(place / "pipe")

    for path in ("pipe", "notes"):
        with pytest.raises(SetupError, match="is not a plain file"):
            Folder(place).read(path)
    assert "pipe" not in [file.path for file in Folder(place).files()]


def test_a_device_is_refused():
    with pytest.raises(SetupError, match="is not a plain file"):
        Folder("/dev").read("zero")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"MThd\0\0", "is not text"),
        (b"\xff\xfe\x41\x42", "is not text in UTF-8"),
        (b"x" * (MOST_BYTES + 1), "is larger than"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nx", "private key"),
    ],
)
def test_what_is_not_a_small_text_is_refused_and_skipped_in_a_search(place, tools, call, data, why):
    (place / "odd").write_bytes(data)

    with pytest.raises(SetupError, match=why):
        Folder(place).read("odd")
    assert call(tools, "search_files", text="one").endswith(
        "1 files that are not small text files were not searched"
    )


def test_a_file_without_a_length_is_read_no_further_than_the_limit():
    # Files of /proc say that they are empty.
    assert Folder("/proc/self").read("comm")


@pytest.mark.parametrize("path", ["nowhere", "take.txt/x", "x" * 5000, "\udcff", ""])
def test_a_path_to_nothing_is_an_error_of_ours(place, path):
    with pytest.raises(SetupError) as caught:
        Folder(place).read(path)

    assert len(caught.value.message) < 500


def test_a_file_whose_name_is_not_text_is_left_out(place):
    (place / os.fsdecode(b"bad\xff.txt")).write_text("x")

    assert len(list(Folder(place).files())) == 2


def test_the_folders_own_place_is_not_told(place, tools, call):
    said = [call(tools, "read_file", path=path) for path in ("nowhere", "../x", "take.txt/y")]

    assert str(place.parent) not in "".join(said)


def test_keys_are_taken_out_of_what_is_read(place, tools, call):
    (place / "run.sh").write_text(f"export X={KEY}\n")

    assert KEY not in call(tools, "read_file", path="run.sh") + call(tools, "search_files", text="export")


def test_a_key_cannot_be_guessed_by_searching(place, tools, call):
    (place / "run.sh").write_text(f"export X={KEY}\n")

    assert call(tools, "search_files", text=KEY[:8]) == "nothing found"


def test_a_key_is_taken_out_before_a_line_is_cut():
    told = page("x" * 990 + " " + KEY, start_line=1, clean=Keys({}).scrub)

    assert KEY[:6] not in told


def test_pages_follow_each_other_without_a_gap():
    text = "\n".join(f"line {n}" for n in range(1, 1001))
    seen, start = [], 1
    while start:
        head, *lines = page(text, start_line=start, clean=str).split("\n")
        seen += lines
        start = int(head.rpartition(" ")[2]) if "more from" in head else 0

    assert seen == text.split("\n")


def test_one_endless_line_is_cut():
    assert len(page("x" * 2_000_000, start_line=1, clean=str)) < 1_200


@pytest.mark.parametrize("start_line", [0, -1, 4])
def test_a_line_that_is_not_there_is_an_error_that_says_which_are(start_line):
    with pytest.raises(SetupError, match="lines 1-3"):
        page("a\nb\nc", start_line=start_line, clean=str)


def test_a_search_that_finds_too_much_says_so(place, tools, call):
    (place / "many.txt").write_text("beat\n" * 500)

    lines = call(tools, "search_files", text="beat").split("\n")

    assert len(lines) == 51
    assert lines[-1].startswith("there may be more")


def test_a_long_list_says_that_there_is_more(place, tools, call):
    for number in range(301):
        (place / f"{number}.txt").touch()

    assert call(tools, "list_files").endswith("narrow it with below or name_contains")
