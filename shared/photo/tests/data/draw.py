"""Draws the pictures that no encoder of the tests writes, with Pillow and ffmpeg. They show nothing but four colours, and are this project's own."""

import subprocess

from PIL import Image

corners = Image.new("RGB", (300, 240))
for place, color in {
    (0, 0): (220, 30, 30),
    (150, 0): (30, 160, 40),
    (0, 120): (30, 40, 200),
    (150, 120): (230, 210, 40),
}.items():
    corners.paste(color, (*place, place[0] + 150, place[1] + 120))
corners.convert("CMYK").save("cmyk.jpg", quality=90)
corners.save("progressive.jpg", quality=90, progressive=True, subsampling="4:2:0")
corners.save("lossy.webp", quality=90)
corners.save("plain.png")
subprocess.run(
    "ffmpeg -v error -y -i plain.png -flags +ildct -pix_fmt rgb24 interlaced.png && rm plain.png",
    shell=True,
    check=True,
)
