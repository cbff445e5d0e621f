"""`python -m bti_docs.simulate paper.pdf -o scan.pdf --seed 3`: what a scanner makes of a PDF."""

from __future__ import annotations

from pathlib import Path

import click

from bti_docs import files
from bti_docs.simulate.containers import as_pdf, as_tiff
from bti_docs.simulate.scanner import Damage, Scanner, printed_pages, scan
from bti_docs.simulate.wear import Lot, worn_scan

_DAMAGES = ("fold", "stain", "streak", "punched", "code_spoiled")


@click.command()
@click.argument("pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same bytes.")
@click.option("--dpi", default=200, show_default=True, type=click.IntRange(100, 600))
@click.option("--black-white", is_flag=True, help="One bit a pixel, as a TIFF.")
@click.option("--skew", default=1.0, show_default=True, help="The largest angle, in degrees.")
@click.option("--rotate", default="0", type=click.Choice(["0", "90", "180", "270"]))
@click.option("--duplex", is_flag=True, help="Scan an empty back after each page.")
@click.option("--damage", multiple=True, type=click.Choice(_DAMAGES))
@click.option("--worn", is_flag=True, help="Any wear, rotation and machine, as the seed decides.")
def main(  # noqa: PLR0913  (each is one thing that can happen to a sheet)
    pdf: Path,
    output: Path,
    *,
    seed: int,
    dpi: int,
    black_white: bool,
    skew: float,
    rotate: str,
    duplex: bool,
    damage: tuple[str, ...],
    worn: bool,
) -> None:
    """Scan the printed PDF and write what the scanner hands over."""
    printed = pdf.read_bytes()
    if worn:
        lot = Lot(dpi=dpi)
        sheets = enumerate(printed_pages(printed, dpi))
        jpegs = [worn_scan(sheet, seed + number, lot).data for number, sheet in sheets]
    else:
        jpegs = scan(
            printed,
            seed=seed,
            scanner=Scanner(dpi=dpi, skew=skew),
            damage=Damage(**dict.fromkeys(damage, True)),
            rotate=int(rotate),  # type: ignore[arg-type]
            duplex=duplex,
        )
    data = as_tiff(jpegs) if black_white else as_pdf(jpegs)
    files.rewrite(files.Disk(), output, data)


if __name__ == "__main__":
    main()
