"""Makes the pictures beside it, and pixels.txt with their sizes and the SHA-256 of the RGB bytes that Pillow reads.

On Debian 12: apt-get install python3-pil libjpeg-turbo-progs && /usr/bin/python3 make.py
"""

import hashlib
import pathlib
import random
import struct
import subprocess
import zlib

from PIL import Image, ImageFilter

here = pathlib.Path(__file__).parent


def photo(width, height, seed=1):
    """Smooth gradients, hard coloured edges and some noise: what tells upsamplers and transforms apart."""
    rng = random.Random(seed)
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            color = [255 * x // width, 255 * y // height, 255 * (x + y) // (width + height)]
            if 4 * x > 3 * width:
                color = [230, 20, 30] if y // 3 % 2 else [10, 60, 220]
            elif x > y:
                color = color[::-1]
            image.putpixel((x, y), tuple(min(max(c + rng.randint(-9, 9), 0), 255) for c in color))
    return image


def write(name, data):
    (here / name).write_bytes(data)


def bits_of(values, depth):
    """Samples of less than a byte, packed from the highest bit on."""
    number = 0
    for value in values:
        number = number << depth | value
    pad = -len(values) * depth % 8
    return (number << pad).to_bytes((len(values) * depth + pad) // 8, "big")


# --- JPEG ---------------------------------------------------------------------------------------------------------


def jpeg(name, *options, image=photo(45, 37)):
    image.save(here / "source.ppm")
    command = ["cjpeg", "-quality", "85", *options, "-outfile", here / name, here / "source.ppm"]
    subprocess.run(command, check=True)
    (here / "source.ppm").unlink()


def inks(name, width, height, **options):
    """A YCCK file: a CMYK one that holds Y, Cb, Cr and K, whose Adobe marker is made to say so."""
    ycc = photo(width, height).convert("YCbCr").split()
    black = photo(width, height, seed=2).convert("L").point(lambda v: v // 2)
    Image.merge("CMYK", (*ycc, black)).save(here / name, quality=85, **options)
    data = bytearray((here / name).read_bytes())
    data[data.index(b"Adobe") + 11] = 2
    write(name, data)


def jpegs():
    for sampling in ("2x1", "1x2", "4x1", "1x4", "4x2", "2x4"):
        jpeg(f"sampling_{sampling}.jpg", "-sample", sampling)
    jpeg("sampling_2x1,1x2.jpg", "-sample", "2x2,1x2,2x1")
    jpeg("sampling_2x1_narrow.jpg", "-sample", "2x1", image=photo(5, 19))
    jpeg("sampling_1x2_flat.jpg", "-sample", "1x2", image=photo(19, 5))
    jpeg("progressive_2x1.jpg", "-progressive", "-sample", "2x1")
    jpeg("progressive_1x2.jpg", "-progressive", "-sample", "1x2", "-restart", "1")
    jpeg("restart_rows.jpg", "-restart", "1", "-sample", "2x2")
    jpeg("restart_blocks.jpg", "-restart", "1B", "-sample", "1x1")
    jpeg("grey_restart.jpg", "-grayscale", "-restart", "2B")
    (here / "scans.txt").write_text("0;\n1;\n2;\n")
    jpeg("scans.jpg", "-scans", here / "scans.txt", "-sample", "2x2")
    (here / "scans.txt").unlink()
    inks("ycck.jpg", 45, 37, subsampling=0)
    inks("ycck_420.jpg", 45, 37, subsampling=2)


# --- PNG ----------------------------------------------------------------------------------------------------------

ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def filtered(row, above, step, kind):
    out = bytearray([kind])
    for i, value in enumerate(row):
        a, b = row[i - step] if i >= step else 0, above[i]
        c = above[i - step] if i >= step else 0
        paeth = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
        out.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
    return bytes(out)


def png(name, width, height, depth, kind, channels, sample, palette=None):
    """An interlaced file; sample(x, y, channel) gives the samples."""
    raw = b""
    for left, top, right, down in ADAM7:
        columns, above = range(left, width, right), None
        for y in range(top, height, down) if columns else ():
            values = [sample(x, y, c) for x in columns for c in range(channels)]
            row = struct.pack(f">{len(values)}H", *values) if depth == 16 else bits_of(values, depth)
            raw += filtered(row, above or bytes(len(row)), max(channels * depth // 8, 1), y // down % 5)
            above = row
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 1))]
    chunks += [(b"PLTE", palette)] if palette else []
    chunks += [(b"IDAT", zlib.compress(raw, 9)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n"
    for key, body in chunks:
        data += struct.pack(">I", len(body)) + key + body + struct.pack(">I", zlib.crc32(key + body))
    write(name, data)


def pngs():
    source = photo(29, 23)
    png("adam7_rgb.png", 29, 23, 8, 2, 3, lambda x, y, c: source.getpixel((x, y))[c])
    png("adam7_rgba16.png", 13, 11, 16, 6, 4, lambda x, y, c: (x * 4099 + y * 257 * c) & 0xFFFF)
    png("adam7_grey1.png", 19, 9, 1, 0, 1, lambda x, y, c: (x * y + x) % 3 // 2)
    png("adam7_grey2.png", 10, 10, 2, 0, 1, lambda x, y, c: (x + y) % 4)
    png("adam7_grey_alpha.png", 9, 17, 8, 4, 2, lambda x, y, c: (x * 25 + y * 3 + c) % 256)
    png("adam7_palette4.png", 21, 14, 4, 3, 1, lambda x, y, c: (x + y) % 16, bytes(range(0, 240, 5)))
    for width, height in ((1, 1), (2, 3), (4, 5), (5, 1), (1, 9)):
        png(f"adam7_{width}x{height}.png", width, height, 8, 2, 3, lambda x, y, c: 40 * x + 20 * y + c)


# --- GIF ----------------------------------------------------------------------------------------------------------


def gif(name, width, height, colors=64, **options):
    """An interlaced file: one whose rows were put into the order of the passes, with the bit that says so."""
    order = [y for top, down in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(top, height, down)]
    source = photo(width, height).quantize(colors, dither=Image.Dither.NONE)
    image = source.copy()
    for to, y in enumerate(order):
        image.paste(source.crop((0, y, width, y + 1)), (0, to))
    image.save(here / name, interlace=0, optimize=False, **options)
    data = bytearray((here / name).read_bytes())
    data[data.index(struct.pack("<BHHHH", 0x2C, 0, 0, width, height)) + 9] |= 0x40
    write(name, data)


def gifs():
    for height in (1, 2, 3, 4, 5, 7, 8, 9, 37):
        gif(f"interlaced_{height}.gif", 31, height)
    gif("interlaced_2_colors.gif", 31, 20, colors=2)
    gif("interlaced_transparent.gif", 31, 20, transparency=3)
    photo(120, 90).quantize(256).save(here / "large.gif", interlace=0)


# --- BMP ----------------------------------------------------------------------------------------------------------


def bmp(name, width, height, bits, rows, palette=(), compression=0, masks=b"", top_down=False, os2=False):
    """rows: from the top, packed but not padded; or, for run lengths, the bytes of the picture."""
    if os2:
        header = struct.pack("<IHHHH", 12, width, height, 1, bits)
        colors = b"".join(bytes(color[::-1]) for color in palette)
    else:
        rise = -height if top_down else height
        header = struct.pack("<IiiHHIIiiII", 40, width, rise, 1, bits, compression, 0, 0, 0, len(palette), 0)
        colors = b"".join(bytes(color[::-1]) + b"\0" for color in palette)
    if isinstance(rows, list):
        padded = [row + bytes(-len(row) % 4) for row in rows]
        rows = b"".join(padded if top_down else padded[::-1])
    start = 14 + len(header) + len(masks) + len(colors)
    assert start % 2 == 0 or not compression, "Pillow aligns runs to the file"
    head = b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start)
    write(name, head + header + masks + colors + rows)


def run_lengths(rows, bits):
    """Encodes rows from the top as RLE8 or RLE4, with runs and with stretches of 4 to 6 pixels as they are."""
    out = b""
    for row in rows[::-1]:
        at = 0
        while at < len(row):
            stretch = row[at : at + (5 if bits == 8 else 6)]
            period = 1 if bits == 8 else 2
            end = at + period
            while end < min(len(row), at + 255) and row[end] == row[end - period]:
                end += 1
            if end - at >= 4 or len(stretch) < 4:
                end = min(end, len(row))
                pair = bytes(row[at:end][:2]) if end - at > 1 else bytes([row[at], 0])
                out += bytes([end - at, row[at] if bits == 8 else pair[0] << 4 | pair[1]])
                at = end
            else:
                count = len(stretch) & ~1 if bits == 4 else len(stretch)
                body = bytes(stretch[:count]) if bits == 8 else bits_of(stretch[:count], 4)
                out += bytes([0, count]) + body + bytes(len(body) % 2)
                at += count
        out += b"\0\0"
    return out + b"\0\1"


def bmps():
    palette = [(i * 15 % 256, 255 - i * 7 % 256, i * 40 % 256) for i in range(256)]
    indices = [[(x * x // 9 + y) % 256 if x < 20 else y % 7 for x in range(37)] for y in range(19)]
    for bits in (1, 4, 8):
        few = [[index % (1 << bits) for index in row] for row in indices]
        packed = [bits_of(row, bits) for row in few]
        bmp(f"palette_{bits}.bmp", 37, 19, bits, packed, palette[: 1 << bits])
        bmp(f"palette_{bits}_os2.bmp", 37, 19, bits, packed, palette[: 1 << bits], os2=True)
    bmp("palette_8_top_down.bmp", 37, 19, 8, [bytes(row) for row in indices], palette, top_down=True)
    bmp("palette_1_black_white.bmp", 37, 19, 1, [bits_of([i % 2 for i in r], 1) for r in indices], [(0,) * 3, (255,) * 3])
    few = [[index % 16 for index in row] for row in indices]
    bmp("rle8.bmp", 37, 19, 8, run_lengths(indices, 8), palette, compression=1)
    bmp("rle4.bmp", 37, 19, 4, run_lengths(few, 4), palette[:16], compression=2)
    # Rows that end early are filled up with index 0.
    bmp("rle8_short_rows.bmp", 9, 3, 8, bytes([3, 5, 0, 0, 1, 2, 0, 0, 9, 7, 0, 0, 0, 1]), palette, compression=1)
    shorts = [[(x * 901 + y * 77) & 0xFFFF for x in range(13)] for y in range(7)]
    rows = [struct.pack("<13H", *row) for row in shorts]
    bmp("rgb_555.bmp", 13, 7, 16, rows)
    bmp("rgb_565.bmp", 13, 7, 16, rows, compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    longs = [struct.pack("<13I", *((x * 19088743 + y * 7654321) & 0xFFFFFFFF for x in range(13))) for y in range(7)]
    bmp("rgb_32.bmp", 13, 7, 32, longs)
    bmp("rgb_32_top_down.bmp", 13, 7, 32, longs, top_down=True)
    bmp("xbgr_32.bmp", 13, 7, 32, longs, compression=3, masks=struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00))
    photo(13, 7).save(here / "rgb_24.bmp")


# --- WebP ---------------------------------------------------------------------------------------------------------


def chunk(key, body):
    return key + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def animation(name, canvas, corner, frames):
    """A WebP animation of lossless frames; the first one need not cover the canvas."""
    body = chunk(b"ANIM", b"\x40\x80\xc0\xff\0\0")
    for frame in frames:
        frame.save(here / "frame.webp", lossless=True)
        place = b"".join(v.to_bytes(3, "little") for v in (*(v // 2 for v in corner), *(v - 1 for v in frame.size), 100))
        body += chunk(b"ANMF", place + b"\0" + (here / "frame.webp").read_bytes()[12:])
    (here / "frame.webp").unlink()
    size = b"".join((v - 1).to_bytes(3, "little") for v in canvas)
    body = chunk(b"VP8X", (0x12 if frames[0].mode == "RGBA" else 2).to_bytes(4, "little") + size) + body
    write(name, chunk(b"RIFF", b"WEBP" + body))


def profile():
    """A colour profile that exchanges red and blue, and whose curves are straight."""
    xyz = {b"bXYZ": (0.4361, 0.2225, 0.0139), b"gXYZ": (0.3851, 0.7169, 0.0971), b"rXYZ": (0.1431, 0.0606, 0.7141)}
    xyz[b"wtpt"] = (0.9642, 1.0, 0.8249)
    tags = {key: b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in xyz[key])) for key in xyz}
    tags |= {key: b"curv\0\0\0\0\0\0\0\0" for key in (b"rTRC", b"gTRC", b"bTRC")}
    tags[b"cprt"] = b"text\0\0\0\0none\0"
    tags[b"desc"] = b"desc\0\0\0\0\0\0\0\5test\0" + bytes(78)
    table, data = struct.pack(">I", len(tags)), b""
    for key, value in tags.items():
        table += struct.pack(">4sII", key, 132 + 12 * len(tags) + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    size = 128 + len(table) + len(data)
    head = struct.pack(">I4sI4s4s4s12x4s", size, b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    head += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + data


def webps():
    photo(45, 37).save(here / "lossless.webp", lossless=True)
    photo(45, 37).quantize(6).convert("RGB").save(here / "lossless_palette.webp", lossless=True)
    transparent = photo(45, 37)
    transparent.putalpha(photo(45, 37, seed=3).convert("L"))
    transparent.save(here / "lossless_alpha.webp", lossless=True, exact=True)
    Image.new("RGB", (300, 200), (200, 30, 60)).save(here / "one_color.webp", lossless=True)
    Image.new("RGB", (2500, 2000), (200, 30, 60)).save(here / "one_color_large.webp", lossless=True)
    photo(45, 37).save(here / "profile.webp", lossless=True, icc_profile=profile())
    animation("animation.webp", (30, 24), (0, 0), [photo(30, 24), photo(30, 24, seed=2)])
    animation("animation_small_frame.webp", (30, 24), (6, 4), [photo(15, 11)])
    animation("animation_alpha.webp", (45, 37), (0, 0), [transparent])
    lossy = {
        "lossy.webp": (photo(61, 47), 80),
        "lossy_alpha.webp": (transparent, 80),
        "lossy_smooth.webp": (photo(61, 47).filter(ImageFilter.GaussianBlur(3)), 80),
        "lossy_low.webp": (photo(61, 47).filter(ImageFilter.GaussianBlur(3)), 20),
        "lossy_grey.webp": (photo(61, 47).convert("L"), 80),
    }
    for name, (image, quality) in lossy.items():
        image.save(here / name, quality=quality)
        # Our reader repeats chroma samples instead of interpolating: a test holds the difference to a bound.
        Image.open(here / name).convert("RGB").save(here / f"{name}.png", optimize=True)


# --- PPM, PGM, PBM ------------------------------------------------------------------------------------------------


def netpbms():
    rgb = photo(11, 7)
    size = b"11 7\n"
    write("rgb.ppm", b"P6\n" + size + b"255\n" + rgb.tobytes())
    write("comments.ppm", b"P6 # six\n# a line\n\t11#width\n 7 #height\r255\n" + rgb.tobytes())
    write("rgb_100.ppm", b"P6\n" + size + b"100\n" + bytes(v * 101 // 256 for v in rgb.tobytes()))
    write("rgb_over.ppm", b"P6\n" + size + b"100\n" + rgb.tobytes())
    wide = [v * 257 + i for i, v in enumerate(rgb.tobytes())]
    for largest in (256, 1023, 65535):
        values = [min(v * largest // 65535, largest) for v in wide]
        write(f"rgb_{largest}.ppm", b"P6\n" + size + b"%d\n" % largest + struct.pack(f">{len(values)}H", *values))
        write(f"grey_{largest}.pgm", b"P5\n" + size + b"%d\n" % largest + struct.pack(">77H", *values[:77]))
    write("grey.pgm", b"P5\n" + size + b"255\n" + bytes(range(77)))
    write("grey_7.pgm", b"P5\n" + size + b"7\n" + bytes(i % 8 for i in range(77)))
    write("bits.pbm", b"P4\n" + size + bytes((i * 77 + 5) & 255 for i in range(14)))
    write("plain.ppm", b"P3\n" + size + b"255\n" + b"\n".join(b"%d" % v for v in rgb.tobytes()) + b"\n")
    plain = b" # a comment\n".join(b"%d" % (v % 201) for v in rgb.tobytes())
    write("plain_200.ppm", b"P3\n" + size + b"200\n" + plain)
    write("plain.pgm", b"P2\n" + size + b"255 " + b"\t".join(b"%d" % (v * 3) for v in range(77)))
    write("plain_15.pgm", b"P2 " + size + b"15\n" + b" ".join(b"%d" % (v % 16) for v in range(77)))
    write("plain_1000.pgm", b"P2\n" + size + b"1000\n" + b" ".join(b"%d" % (v % 7) for v in range(77)))
    write("plain.pbm", b"P1\n" + size + b"\n".join(b"0 1 1 0#x\n01011 10" for _ in range(7)))


# --- TIFF ---------------------------------------------------------------------------------------------------------


def tiffs():
    for compression in ("raw", "packbits", "tiff_lzw", "tiff_adobe_deflate"):
        photo(29, 23).save(here / f"{compression}.tif", compression=compression)
    photo(29, 23).convert("1").save(here / "group4.tif", compression="group4")
    photo(29, 23).quantize(16).save(here / "palette.tif", compression="packbits")


jpegs(), pngs(), gifs(), bmps(), webps(), netpbms(), tiffs()
lines = []
for file in sorted(here.iterdir()):
    if file.suffix in (".py", ".txt") or file.name.startswith("lossy"):
        continue
    decoded = Image.open(file).convert("RGB")
    digest = hashlib.sha256(decoded.tobytes()).hexdigest()
    lines.append(f"{file.name} {decoded.width} {decoded.height} {digest}\n")
(here / "pixels.txt").write_text("".join(lines))
