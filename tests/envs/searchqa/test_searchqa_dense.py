"""The dense retriever, with a tiny model that is made here."""

from __future__ import annotations

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from agentgym_envs.errors import BadOption, DataError  # noqa: E402
from agentgym_envs.searchqa import corpus as corpus_module  # noqa: E402
from agentgym_envs.searchqa import dense  # noqa: E402
from agentgym_envs.searchqa.corpus import FileCorpus  # noqa: E402
from agentgym_envs.searchqa.dense import (  # noqa: E402
    Embedder,
    NumpyVectors,
    check_options,
    open_dense,
)
from agentgym_envs.searchqa.env import SearchQAEnv  # noqa: E402

WORDS = "query passage : om um zed lake river city deep is a on the in title".split()
PASSAGES = [
    '"Om"\nOm is a city on the river Zed.',
    '"Um"\nUm is a deep lake.',
    '"Zed"\nZed is a river.',
    '"Um"\nUm is a deep lake.',
]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A BERT of 16 numbers per token, with random weights that are always the same."""
    folder = tmp_path_factory.mktemp("model")
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, ".", '"']
    (folder / "vocab.txt").write_text("\n".join(tokens), encoding="utf-8")
    tokenizer = transformers.BertTokenizerFast(vocab_file=str(folder / "vocab.txt"))
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(tokens),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=512,
    )
    transformers.BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("sys.platform", "linux")
    open_dense.cache_clear()
    corpus_module.file_corpus.cache_clear()
    return tmp_path / "cache" / "agentgym-envs" / "searchqa"


@pytest.fixture
def corpus(tmp_path):
    file = tmp_path / "wiki-18.jsonl"
    records = [{"id": f"p{i}", "contents": text} for i, text in enumerate(PASSAGES)]
    text = "".join(json.dumps(record) + "\n" for record in records)
    file.write_text(text, encoding="utf-8")
    return FileCorpus(file)


def embedder(model, batch_size=2):
    return Embedder(model, device="cpu", batch_size=batch_size, fp16=False)


def by_hand(model, text: str) -> np.ndarray:
    """The embedding of one text, without padding: the mean over all its tokens."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    bert = transformers.AutoModel.from_pretrained(model).eval()
    tokens = tokenizer(text, return_tensors="pt", truncation=True, max_length=256)
    with torch.no_grad():
        mean = bert(**tokens).last_hidden_state[0].mean(0).numpy()
    return mean / np.linalg.norm(mean)


def test_an_embedding_is_the_mean_over_the_tokens_of_length_one(model):
    texts = ["query: om", "query: the deep lake in the city on the river zed", "query:"]
    found = embedder(model).embed(texts)
    assert found.dtype == np.float32
    assert found.shape == (3, 16)
    for row, text in zip(found, texts, strict=True):
        np.testing.assert_allclose(row, by_hand(model, text), atol=1e-5)
        assert abs(float(np.linalg.norm(row)) - 1) < 1e-5


def test_texts_are_cut_after_256_tokens(model):
    one, other = embedder(model).embed(["om " * 300, "om " * 300 + "um " * 50])
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_the_size_of_a_batch_does_not_matter(model):
    texts = ["query: om", "query: a deep lake", "query: river zed is in the city"]
    alone, together = (embedder(model, size).embed(texts) for size in (1, 3))
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_half_precision_comes_close(model):
    half = Embedder(model, device="cpu", batch_size=2, fp16=True)
    texts = ["query: om", "query: a deep lake in the city"]
    found = half.embed(texts)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, embedder(model).embed(texts), atol=0.02)


def test_the_order_is_that_of_the_inner_products(model, corpus):
    retriever = open_dense(corpus, check_options(model=str(model)))
    query = by_hand(model, "query: deep lake")
    scores = [float(query @ by_hand(model, f"passage: {text}")) for text in PASSAGES]
    found = retriever.search("deep lake", 4)
    rows = sorted(range(4), key=lambda row: (-round(scores[row], 5), row))
    assert [hit["id"] for hit in found] == [f"p{row}" for row in rows]
    assert [hit["contents"] for hit in found] == [PASSAGES[row] for row in rows]
    for hit, row in zip(found, rows, strict=True):
        assert hit["score"] == pytest.approx(scores[row], abs=1e-4)


def test_equal_passages_come_in_the_order_of_the_corpus(model, corpus):
    retriever = open_dense(corpus, check_options(model=str(model), batch_size=1))
    ids = [hit["id"] for hit in retriever.search("um", 4)]
    assert ids.index("p1") + 1 == ids.index("p3")


def test_embeddings_are_kept_and_used_again(model, corpus, cache, monkeypatch):
    options = check_options(model=str(model))
    before = open_dense(corpus, options).search("river", 3)
    assert len(list(cache.glob("dense-*.npy"))) == 1
    open_dense.cache_clear()
    monkeypatch.setattr(dense, "_embed_all", lambda *a: pytest.fail("embedded anew"))
    assert open_dense(corpus, options).search("river", 3) == before


def test_a_break_while_embedding_leaves_nothing(model, corpus, cache, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Embedder, "embed", stop)
    with pytest.raises(KeyboardInterrupt):
        open_dense(corpus, check_options(model=str(model)))
    assert list(cache.glob("*.npy")) == list(cache.glob("*.tmp")) == []


def test_blocks_of_rows_are_merged(monkeypatch):
    monkeypatch.setattr(dense, "ROWS_AT_ONCE", 3)
    vectors = np.eye(8, dtype=np.float32)[[0, 1, 2, 1, 3, 1, 4]]
    query = np.array([[0.1, 0.9, 0.2, 0, 0, 0, 0, 0]], np.float32)
    found = NumpyVectors(vectors).best(query, 4)
    assert [row for _, row in found] == [1, 3, 5, 2]


def test_an_episode_over_the_embedded_passages(model, monkeypatch):
    class Few:
        key = "few"

        def __len__(self):
            return len(PASSAGES)

        def __getitem__(self, row):
            return PASSAGES[row]

        def id_of(self, row):
            return str(row)

    monkeypatch.setattr("agentgym_envs.searchqa.setup.embedded", Few)
    setting = {"method": "dense", "model": str(model)}
    env = SearchQAEnv(retriever=setting, topk=2)
    env.reset(seed=0)
    text, *_, info = env.step("<search>the lake \ud800</search>")
    assert text.startswith('<information>Doc 1(Title: "')
    assert len(info["retrieved"]) == 2


def test_a_folder_without_a_model_is_named(tmp_path, model):
    with pytest.raises(DataError, match=r"no config\.json"):
        SearchQAEnv(retriever={"method": "dense", "model": str(tmp_path)})
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    env = SearchQAEnv(retriever={"method": "dense", "model": str(tmp_path)})
    env.reset(seed=0)
    with pytest.raises(DataError, match=str(tmp_path)):
        env.step("<search>x</search>")


def test_a_device_that_is_not_there_is_named(model, corpus):
    options = check_options(model=str(model), device="cuda:99")
    with pytest.raises(BadOption, match="cuda:99"):
        open_dense(corpus, options)


def test_a_failing_model_is_a_crash(model, monkeypatch):
    def fail(*_):
        raise RuntimeError("out of memory")

    setting = {"method": "dense", "model": str(model)}
    env = SearchQAEnv(retriever=setting)
    monkeypatch.setattr(dense, "_embedded", lambda *a: np.zeros((1, 16), np.float32))
    env.reset(seed=0)
    env.step("<search>x</search>")
    monkeypatch.setattr(Embedder, "embed", fail)
    env.reset(seed=0)
    *_, truncated, info = env.step("<search>x</search>")
    assert truncated
    assert info["end_reason"] == "crash"


def test_a_faiss_index_ranks_the_same(model, corpus, tmp_path):
    faiss = pytest.importorskip("faiss")
    by_numpy = open_dense(corpus, check_options(model=str(model)))
    index = faiss.IndexFlatIP(16)
    passages = [f"passage: {text}" for text in PASSAGES[:3]]
    index.add(embedder(model).embed(passages))
    file = tmp_path / "e5_Flat.index"
    faiss.write_index(index, str(file))
    options = check_options(model=str(model), index=str(file))
    with pytest.raises(DataError, match="3 embeddings for 4 passages"):
        open_dense(corpus, options)
    index.add(embedder(model).embed([f"passage: {PASSAGES[3]}"]))
    faiss.write_index(index, str(file))
    found, expected = (
        [(hit["id"], round(hit["score"], 4)) for hit in retriever.search("om", 2)]
        for retriever in (open_dense(corpus, options), by_numpy)
    )
    assert found == expected
    file.write_bytes(b"nonsense")
    open_dense.cache_clear()
    with pytest.raises(DataError, match=r"e5_Flat\.index"):
        open_dense(corpus, options)


def test_an_index_that_is_not_there_is_named(model, tmp_path):
    pytest.importorskip("faiss")
    with pytest.raises(DataError, match="no such file"):
        check_options(model=str(model), index=str(tmp_path / "none.index"))
