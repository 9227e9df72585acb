"""The rival of the map: one GeoJSON of every place, and Leaflet with markercluster."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

_MODULES: Final = Path(__file__).parents[2] / "src/lachan/web/assets/node_modules"
_FILES: Final = {
    "/leaflet.js": ("leaflet/dist/leaflet.js", "text/javascript"),
    "/leaflet.css": ("leaflet/dist/leaflet.css", "text/css"),
    "/cluster.js": ("leaflet.markercluster/dist/leaflet.markercluster.js", "text/javascript"),
    "/cluster.css": ("leaflet.markercluster/dist/MarkerCluster.Default.css", "text/css"),
}
_PAGE: Final = b"""<!doctype html><html lang="vi"><meta charset="utf-8"><title>map</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/leaflet.css"><link rel="stylesheet" href="/cluster.css">
<style>body{margin:0}#map{height:100vh}</style><div id="map"></div>
<script src="/leaflet.js"></script><script src="/cluster.js"></script>
<script>
const map = L.map("map", {maxZoom: 18}).setView([16.2, 107], 6);
fetch("/places.geojson").then(r => r.json()).then(data => {
  const cluster = L.markerClusterGroup({chunkedLoading: false});
  cluster.addLayer(L.geoJSON(data, {pointToLayer: (f, at) => L.circleMarker(at, {radius: 6})}));
  map.addLayer(cluster);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    performance.mark("map-drawn"); document.body.dataset.drawn = "yes";
  }));
});
</script></html>"""


@contextmanager
def serving(geojson: bytes) -> Iterator[int]:
    """The rival's page on a free port; everything is sent gzipped, as a careful host would."""
    pages = {"/": (_PAGE, "text/html"), "/places.geojson": (geojson, "application/geo+json")}
    for path, (name, kind) in _FILES.items():
        pages[path] = ((_MODULES / name).read_bytes(), kind)
    packed = {path: (gzip.compress(body, 6), kind) for path, (body, kind) in pages.items()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = packed.get(self.path)
            self.send_response(200 if found else 404)
            body, kind = found or (b"", "text/plain")
            self.send_header("Content-Type", kind)
            if found:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
