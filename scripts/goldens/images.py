"""Little pictures of every kind and what PIL makes of them, for test/runtime/data/decode.test.ts. Run by hand: python scripts/goldens/images.py"""
import base64
import json
import os
import numpy as np
from PIL import Image

here = os.path.join(os.path.dirname(__file__), "..", "..", "test", "fixtures", "images")
os.makedirs(here, exist_ok=True)
path = lambda name: os.path.join(here, name)
rng = np.random.default_rng(7)
noise = rng.integers(0, 256, (6, 8, 3), dtype="u1")
gray = (np.arange(48).reshape(6, 8) * 5).astype("u1")
# Smooth, so that JPEG's losses stay small: three ramps, 32 x 48.
ys, xs = np.mgrid[0:32, 0:48]
ramps = np.stack([xs * 5, ys * 7, (xs + ys) * 3], -1).astype("u1")

Image.fromarray(noise).save(path("rgb.png"))
Image.fromarray(gray).save(path("gray.png"))
Image.fromarray((np.arange(48).reshape(6, 8) * 1365).astype("u2")).save(path("gray16.png"))
Image.fromarray(np.dstack([noise, gray])).save(path("rgba.png"))
Image.fromarray(np.dstack([gray, gray[::-1]])).save(path("gray-alpha.png"))
Image.fromarray(noise).quantize(16).save(path("palette.png"))
Image.fromarray(noise).quantize(16).save(path("palette-alpha.png"), transparency=3)
Image.fromarray(gray > 100).save(path("bits.png"))
Image.fromarray(noise).save(path("lossless.webp"), lossless=True)
Image.fromarray(np.dstack([noise, np.full((6, 8), 255, "u1")])).save(path("alpha.webp"), lossless=True, exact=True)
Image.fromarray(ramps).save(path("lossy.webp"), quality=95)
Image.fromarray(ramps).save(path("rgb.jpg"), quality=95, subsampling=0)
Image.fromarray(ramps).save(path("progressive.jpg"), quality=95, subsampling=0, progressive=True)
Image.fromarray(ramps[..., 0]).save(path("gray.jpg"), quality=95)
Image.fromarray(np.dstack([ramps, np.zeros((32, 48), "u1")]), "CMYK").save(path("cmyk.jpg"), quality=95)
exif = Image.Exif()
exif[0x0112] = 6  # turn a quarter clockwise to see it upright
Image.fromarray(ramps).save(path("turned.jpg"), quality=95, subsampling=0, exif=exif)
Image.fromarray(noise).save(path("picture.gif"))
Image.fromarray(noise).save(path("picture.bmp"))
Image.fromarray(noise).save(path("picture.tiff"))

names = ["rgb.png", "gray.png", "gray-alpha.png", "rgba.png", "palette.png", "palette-alpha.png", "bits.png", "lossless.webp", "alpha.webp", "lossy.webp", "rgb.jpg", "progressive.jpg", "gray.jpg", "turned.jpg"]
encode = lambda a: base64.b64encode(np.ascontiguousarray(a, "u1").tobytes()).decode()
goldens = {}
for name in names:
    image = Image.open(path(name))
    rgb = image.convert("RGBA").convert("RGB") if image.mode == "P" else image.convert("RGB")
    goldens[name] = {"height": image.height, "width": image.width, "rgb": encode(rgb), "gray": encode(rgb.convert("L"))}
resized = {}
for kind, method in [("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC), ("lanczos", Image.LANCZOS)]:
    resized[kind] = encode(Image.fromarray(ramps).resize((12, 16), method))
json.dump({"decoded": goldens, "ramps.png to 16x12": resized}, open(path("goldens.json"), "w"), indent=1)
Image.fromarray(ramps).save(path("ramps.png"))
