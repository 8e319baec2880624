/** Cells are counted in units of the smallest: 2^26 on each side. */
export const gridBits = 26

/** Degrees: a grid is never narrower, so that its smallest cells are wide beside what is lost in rounding degrees. */
const narrowest = 1e-3

/** Units by which a position may be wrong for rounding, and more: what lies as near to a cell counts as touching it. */
export const unitSlack = 1e-5

/** The square of whole numbers that positions are counted in. */
export class Grid {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
  /** Units per degree. */
  readonly scaleX: number
  readonly scaleY: number
  /** Degrees per unit. */
  readonly unitX: number
  readonly unitY: number

  constructor(box: readonly [minX: number, minY: number, maxX: number, maxY: number]) {
    ;[this.minX, this.minY, this.maxX, this.maxY] = box
    const units = 2 ** gridBits - 1
    this.scaleX = units / Math.max(this.maxX - this.minX, narrowest)
    this.scaleY = units / Math.max(this.maxY - this.minY, narrowest)
    this.unitX = 1 / this.scaleX
    this.unitY = 1 / this.scaleY
  }

  x(unit: number): number {
    return this.minX + unit * this.unitX
  }

  y(unit: number): number {
    return this.minY + unit * this.unitY
  }

  /** Units from the left, not a whole number. */
  unitsX(x: number): number {
    return (x - this.minX) * this.scaleX
  }

  unitsY(y: number): number {
    return (y - this.minY) * this.scaleY
  }

  contains(x: number, y: number): boolean {
    return x >= this.minX && x <= this.maxX && y >= this.minY && y <= this.maxY
  }
}

/**
 * Where in a cell its reference point lies, as shares of its sides. Not the middle: coordinates of people and computers are
 * often round, and an edge through the reference point says nothing about it.
 */
export const referenceX = 0.493_71
export const referenceY = 0.507_13
