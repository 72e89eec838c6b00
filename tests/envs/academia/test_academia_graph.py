"""The networks: the invented ones, and those read from files."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys

import pytest

from agentgym_envs.academia.generator import AUTHORS, FIRST_YEAR, LAST_YEAR, PAPERS
from agentgym_envs.academia.graph import AcademiaGraph
from agentgym_envs.academia.library import Library
from agentgym_envs.academia.pickles import read_pickles
from agentgym_envs.academia.scene import graph
from agentgym_envs.errors import DataError

SMALL = {
    "format": "academia-graph-v1",
    "papers": [
        {"id": "p1", "title": "One", "attrs": {"year": 2001}},
        {"id": "p2", "title": "Two", "attrs": {"year": 2000}},
        {"id": "p3", "title": "Two", "attrs": {"year": 1999}},
    ],
    "citations": [["p1", "p3", {"w": 1}], ["p1", "p2", {}]],
    "authors": [
        {"id": 7, "name": "Ann", "attrs": {"org": "A"}},
        {"id": 8, "name": "Ann", "attrs": {"org": "B"}},
        {"id": 9, "name": "Bob", "attrs": {}},
    ],
    "coauthor": [
        [9, 8, {"collaborative_papers": ["p1", "p9"]}],
        [7, 9, {"collaborative_papers": ["p3"]}],
    ],
}


def write(path, content):
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_there_are_as_many_papers_and_authors_as_promised():
    assert len(graph().papers.nodes) == PAPERS == 2000
    assert len(graph().authors.nodes) == AUTHORS == 2000


def test_papers_cite_earlier_papers_alone():
    papers = graph().papers
    assert sum(map(len, papers.edges.values())) > 5 * PAPERS
    for paper, cited in papers.edges.items():
        year = papers.nodes[paper]["year"]
        assert FIRST_YEAR <= year <= LAST_YEAR
        assert all(papers.nodes[other]["year"] < year for other in cited)


def test_papers_are_cited_at_least_as_often_as_the_network_shows():
    papers = graph().papers
    counts = dict.fromkeys(papers.nodes, 0)
    for cited in papers.edges.values():
        for other in cited:
            counts[other] += 1
    for paper, count in counts.items():
        assert papers.nodes[paper]["n_citation"] >= count
    assert max(counts.values()) > 8 * sum(counts.values()) / len(counts)


def test_edges_between_authors_and_authors_of_papers_say_the_same():
    authors, papers = graph().authors, graph().papers
    for author, others in authors.edges.items():
        for other, edge in others.items():
            assert authors.edges[other][author] is edge
            assert edge["weight"] == len(edge["collaborative_papers"]) > 0
            for paper in edge["collaborative_papers"]:
                names = papers.nodes[paper]["authors"]
                assert authors.names[author] in names and authors.names[other] in names
    pairs = sum(
        len(about["authors"]) * (len(about["authors"]) - 1)
        for about in papers.nodes.values()
    )
    assert pairs == sum(e["weight"] for o in authors.edges.values() for e in o.values())


def test_nobody_writes_alone_or_twice():
    for about in graph().papers.nodes.values():
        assert len(set(about["authors"])) == len(about["authors"]) >= 2


def test_namesakes_have_numbers():
    names = graph().authors.ids
    doubled = [name for name in names if name.endswith("_2")]
    assert len(doubled) > 20
    assert all(name.removesuffix("_2") in names for name in doubled)
    assert any(name.endswith("_2") for name in graph().papers.ids)


def test_the_networks_are_the_same_in_every_process():
    code = (
        "from agentgym_envs.academia.generator import graph; "
        "from hashlib import sha256; "
        "print(sha256(repr([graph().papers, graph().authors]).encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_a_file_keeps_orders_and_numbers_namesakes(tmp_path):
    read = AcademiaGraph.from_json(write(tmp_path / "graph.json", SMALL))
    assert list(read.papers.ids) == ["One", "Two", "Two_2"]
    assert list(read.papers.edges["p1"]) == ["p3", "p2"]
    assert list(read.authors.edges[9]) == [8, 7]
    assert read.papers.edges["p3"] == {} and list(read.authors.edges[7]) == [9]
    assert read.titles(["p1", "p9"]) == ["One", "p9"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "v9"}, "the field 'format'"),
        ({"papers": None}, "the field 'papers' is no list"),
        ({"papers": [3]}, r"papers\[0\] is no object"),
        ({"papers": [{"id": [], "title": "x", "attrs": {}}]}, "the field 'id'"),
        ({"papers": [{"id": 1, "title": 2, "attrs": {}}]}, "the field 'title' is 2"),
        ({"papers": [{"id": 1, "title": "x"}]}, "the field 'attrs'"),
        ({"papers": [{"id": 1, "title": "x", "attrs": {}}] * 2}, "again"),
        ({"coauthor": [[7, 9]]}, r"coauthor\[0\] is not"),
        ({"coauthor": [[7, 99, {}]]}, "names no node: 99"),
        ({"citations": [["p1", {}, {}]]}, "names no node"),
    ],
)
def test_a_damaged_file_is_named_with_its_field(tmp_path, change, message):
    file = write(tmp_path / "graph.json", {**SMALL, **change})
    with pytest.raises(DataError, match=message) as error:
        AcademiaGraph.from_json(file)
    assert "graph.json" in str(error.value)


def test_what_is_no_json_or_not_there_is_named(tmp_path):
    (tmp_path / "x.json").write_text("{")
    for name in ("x.json", "none.json"):
        with pytest.raises(DataError, match=name):
            AcademiaGraph.from_json(tmp_path / name)
    with pytest.raises(DataError, match="no such file or folder"):
        Library(tmp_path / "nowhere")


def test_a_library_pickles_to_what_it_is_made_from():
    kept = pickle.dumps(Library())
    assert len(kept) < 200
    assert pickle.loads(kept).graph is graph()


def dump(folder, **values):
    for name, value in values.items():
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(value))


@pytest.fixture
def pickled(tmp_path):
    networkx = pytest.importorskip("networkx")
    papers, authors = networkx.DiGraph(), networkx.Graph()
    papers.add_node("p1", year=2001)
    papers.add_edge("p1", "p3", w=1)
    papers.add_edge("p1", "p2")
    authors.add_edge(9, 8, collaborative_papers=["p1"])
    authors.add_edge(7, 9)
    assert list(papers.neighbors("p1")) == ["p3", "p2"]  # views are cached in there
    titles = {"p1": "One", "p2": "Two", "p3": "Two_2"}
    names = {7: "Ann", 8: "Ann_2", 9: "Bob"}
    dump(
        tmp_path,
        paper_net=papers,
        author_net=authors,
        id2title_dict=titles,
        title2id_dict={name: id_ for id_, name in titles.items()},
        id2author_dict=names,
        author2id_dict={name: id_ for id_, name in names.items()},
    )
    return tmp_path


def test_the_originals_pickles_are_read(pickled):
    read = read_pickles(pickled)
    assert read.papers.is_directed and not read.authors.is_directed
    assert read.papers.edges["p1"] == {"p3": {"w": 1}, "p2": {}}
    assert read.papers.nodes["p1"] == {"year": 2001}
    assert list(read.authors.edges[9]) == [8, 7]
    assert read.authors.ids["Ann_2"] == 8


class Evil:
    def __reduce__(self):
        return os.system, ("touch pwned",)


def test_a_pickle_that_would_run_something_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dump(tmp_path, paper_net=Evil())
    with pytest.raises(DataError, match=r"paper_net\.pkl is no pickle of a graph"):
        read_pickles(tmp_path)
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("module", [b"builtins\neval", b"networkx.utils\nos.system"])
def test_no_name_leads_to_something_else(tmp_path, module):
    (tmp_path / "paper_net.pkl").write_bytes(b"c" + module + b"\n(S'1'\ntR.")
    with pytest.raises(DataError, match="paper_net"):
        read_pickles(tmp_path)


@pytest.mark.parametrize("value", [{}, [1], "text"])
def test_a_pickle_of_something_else_is_named(tmp_path, value):
    dump(tmp_path, paper_net=value)
    with pytest.raises(DataError, match="holds no Graph or DiGraph"):
        read_pickles(tmp_path)


def test_missing_and_damaged_pickles_are_named(pickled):
    (pickled / "id2author_dict.pkl").write_bytes(pickle.dumps([1]))
    with pytest.raises(DataError, match="id2author_dict"):
        read_pickles(pickled)
    (pickled / "paper_net.pkl").write_bytes(b"\x80\x04nonsense")
    with pytest.raises(DataError, match="paper_net"):
        read_pickles(pickled)
    (pickled / "paper_net.pkl").unlink()
    with pytest.raises(DataError, match="paper_net"):
        read_pickles(pickled)
