import { decodeText } from './decode-value.ts'

/** Where the values of an object stand. */
export interface HolePlaces {
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/**
 * The path of each value of a JSON object that was scanned: keys joined by dots; the values of an array share its path. Only
 * asked for the first line of each skeleton.
 */
export function holePaths(bytes: Uint8Array, start: number, { starts, ends }: HolePlaces, count: number): string[] {
  const paths: string[] = []
  /** Paths of the open objects and arrays; of an object, with the last key. */
  const open: { readonly path: string; readonly isArray: boolean; key: string }[] = []
  let at = start
  const pathHere = (): string => {
    const top = open.at(-1)
    return top === undefined ? '' : top.isArray ? top.path : top.path === '' ? top.key : `${top.path}.${top.key}`
  }
  let isAfterComma = true
  while (paths.length < count) {
    const hole = paths.length
    const isText = bytes[at] === 0x22
    if (at === starts[hole] || (isText && at + 1 === starts[hole] && isValueHere(open.at(-1), isAfterComma))) {
      paths.push(pathHere())
      at = ends[hole]! + (isText ? 1 : 0)
      isAfterComma = false
      continue
    }
    const byte = bytes[at]!
    if (isText) {
      const end = keyEnd(bytes, at + 1)
      open.at(-1)!.key = decodeText(bytes, at + 1, end)
      isAfterComma = false
      at = end + 1
      continue
    }
    if (byte === 0x7b || byte === 0x5b) {
      open.push({ path: pathHere(), isArray: byte === 0x5b, key: '' })
      isAfterComma = true
    } else if (byte === 0x7d || byte === 0x5d) {
      open.pop()
      isAfterComma = false
    } else if (byte === 0x2c) isAfterComma = true
    at++
  }
  return paths
}

/** In an object a string behind its brace or a comma is a key. */
function isValueHere(top: { readonly isArray: boolean } | undefined, isAfterComma: boolean): boolean {
  return top === undefined || top.isArray || !isAfterComma
}

function keyEnd(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1
  return at
}
