/** A span of time: milliseconds since 1970, `from` included, `to` not. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A span that is asked as a whole, or in steps that it begins and ends with. */
export interface AskedSpan extends Span {
  readonly step?: number | undefined
}

/** A span in pieces of which none is in two buckets but those with steps, which have whole ones. */
export function spansOf({ from, to }: Span, width: number | undefined): AskedSpan[] {
  if (width === undefined) return [{ from, to }]
  const [first, last] = [Math.ceil(from / width) * width, Math.floor(to / width) * width]
  if (first > last) return [{ from, to }]
  return [
    ...(from < first ? [{ from, to: first }] : []),
    ...(first < last ? [{ from: first, to: last, step: width }] : []),
    ...(last < to ? [{ from: last, to }] : []),
  ]
}
