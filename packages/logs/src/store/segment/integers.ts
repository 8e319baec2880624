/** How the integers of a block are written down. */
export interface IntegerLayout {
  /** The least of them, or of their differences. */
  readonly base: number
  /** The first, where differences are kept; undefined where the numbers are. */
  readonly first?: number | undefined
  /** Bytes of each; with 0 all are `base` and there are no bytes. */
  readonly width: 0 | 1 | 2 | 4 | 8
}

/** Integers that are safe in a double, as differences from the least, or from one to the next where that is shorter. */
export function encodeIntegers(values: Float64Array): {
  readonly layout: IntegerLayout
  readonly bytes: Uint8Array
  /** Least and largest. */
  readonly range: readonly [number, number]
} {
  let [least, most] = [Infinity, -Infinity]
  let [leastStep, mostStep] = [Infinity, -Infinity]
  let previous = values[0]!
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    if (value < least) least = value
    if (value > most) most = value
    const step = value - previous
    if (index > 0 && step < leastStep) leastStep = step
    if (index > 0 && step > mostStep) mostStep = step
    previous = value
  }
  const range = [least, most] as const
  const width = widthOf(most - least)
  const stepWidth = values.length < 2 ? width : widthOf(mostStep - leastStep)
  if (stepWidth >= width) {
    const bytes = new Uint8Array(values.length * width)
    const store = storeIn(bytes, width)
    if (width > 0) for (let index = 0; index < values.length; index++) store(index, values[index]! - least)
    return { layout: { base: least, width }, bytes, range }
  }
  const bytes = new Uint8Array(values.length * stepWidth)
  const store = storeIn(bytes, stepWidth)
  if (stepWidth > 0)
    for (let index = 1; index < values.length; index++) store(index, values[index]! - values[index - 1]! - leastStep)
  return { layout: { base: leastStep, first: values[0]!, width: stepWidth }, bytes, range }
}

/** What {@link encodeIntegers} was given. */
export function decodeIntegers({ base, first, width }: IntegerLayout, bytes: Uint8Array, count: number): Float64Array {
  if (bytes.length !== count * width) throw new RangeError(`it holds ${bytes.length} bytes instead of ${count * width}`)
  const values = stored(width, bytes, count)
  if (first === undefined) {
    if (base !== 0) for (let index = 0; index < count; index++) values[index]! += base
    return values
  }
  let value = first
  if (count > 0) values[0] = first
  for (let index = 1; index < count; index++) values[index] = value += values[index]! + base
  return values
}

function stored(width: IntegerLayout['width'], bytes: Uint8Array, count: number): Float64Array {
  if (width === 0) return new Float64Array(count)
  if (width === 1) return new Float64Array(bytes)
  const values = new Float64Array(count)
  if (width === 2)
    for (let index = 0, at = 0; index < count; index++, at += 2) values[index] = bytes[at]! | (bytes[at + 1]! << 8)
  else {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let index = 0; index < count; index++)
      values[index] = width === 4 ? view.getUint32(index * 4, true) : view.getFloat64(index * 8, true)
  }
  return values
}

/** What puts a value at an index, as so many bytes. */
function storeIn(bytes: Uint8Array, width: IntegerLayout['width']): (index: number, value: number) => void {
  const view = new DataView(bytes.buffer)
  if (width === 1) return (index, value) => void (bytes[index] = value)
  if (width === 2) return (index, value) => view.setUint16(index * 2, value, true)
  if (width === 4) return (index, value) => view.setUint32(index * 4, value, true)
  return (index, value) => view.setFloat64(index * 8, value, true)
}

/** Columns hold integers of at most fifteen digits, so that no difference of differences leaves what a double holds. */
function widthOf(range: number): IntegerLayout['width'] {
  if (range === 0) return 0
  if (range < 0x100) return 1
  if (range < 0x1_0000) return 2
  return range < 0x1_0000_0000 ? 4 : 8
}
