/**
 * What the index keeps of a fence: closed rings of an area (inside where a ray crosses an odd number of edges), or lines
 * with a width. A fence has one per polygon, and a second one where it crosses the antimeridian.
 */
export interface Outline {
  /** Number of the fence. */
  readonly owner: number
  /** Undefined for an area; else how far in metres from the lines a point may be. */
  readonly metres: number | undefined
  /** Longitude and latitude in turn. Rings end with their first point; a line of one point twice is a circle's centre. */
  readonly lines: readonly ArrayLike<number>[]
}
