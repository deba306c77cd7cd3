"""The HTML around the chat."""

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.testclient import TestClient

from bot.text import load_text
from bot.ui.document import Document

GRADIO = (
    '<!doctype html>\n<html\n\tlang="en"\n\tstyle="margin: 0"><head><meta charset="utf-8" />\n'
    '<meta property="og:title" content="Gradio" />\n<meta\n\tname="twitter:image"\n\tcontent="https://elsewhere/x.jpg"\n/>'
    "<script>let page = 'æ';</script></head><body><gradio-app></gradio-app></body></html>"
)


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.add_middleware(Document, text=load_text("da"))
    app.get("/")(lambda: HTMLResponse(GRADIO))
    app.get("/other")(lambda: HTMLResponse(GRADIO))
    app.post("/")(lambda: JSONResponse({"lang": "en"}))
    return TestClient(app)


def test_the_document_is_danish_and_names_no_other_host(client: TestClient) -> None:
    response = client.get("/")
    assert '<html lang="da"' in response.text
    assert "<title>Spørg siden</title>" in response.text
    assert "<noscript>" in response.text
    assert "elsewhere" not in response.text
    assert "Gradio" not in response.text
    assert int(response.headers["content-length"]) == len(response.content)


def test_scripts_and_body_are_left_as_they_were(client: TestClient) -> None:
    assert "<script>let page = 'æ';</script>" in client.get("/").text
    assert "<gradio-app></gradio-app>" in client.get("/").text


def test_other_addresses_and_methods_are_left_alone(client: TestClient) -> None:
    assert client.get("/other").text == GRADIO
    assert client.post("/").json() == {"lang": "en"}
