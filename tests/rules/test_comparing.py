"""Two editions that grew apart: statements stand beside each other by their words, whatever their keys."""

from knowledge.articles.comparing import Said, parts


def line(text: str, section: str = "steps", mark: str = "seen", *sources: str) -> Said:
    return Said(section, text, mark, sources)


def test_sections_that_differ_with_all_their_lines():
    before = [line("a"), line("b"), line("c"), line("x", "watch")]
    after = [line("a"), line("b2"), line("c"), line("d"), line("x", "watch")]
    [part] = parts(before, after)
    assert part.section == "steps"
    assert [(one.before and one.before.text, one.after and one.after.text) for one in part.lines] == [
        ("a", "a"), ("b", "b2"), ("c", "c"), (None, "d"),
    ]  # fmt: skip
    assert [one.is_same for one in part.lines] == [True, False, True, False]


def test_a_mark_or_a_source_alone_is_a_difference():
    [part] = parts([line("a", "steps", "general")], [line("a", "steps", "seen", "art. 5")])
    [one] = part.lines
    assert one.mark_moved
    assert (one.sources_gone, one.sources_new) == ([], ["art. 5"])
    assert parts([line("a")], [line("a")]) == []
