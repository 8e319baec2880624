import type { DiskPath } from '../../disk/disk.ts'
import { checkOffset, diskErrorOf } from '../../disk/disk-error.ts'
import type { FileContent } from './file-content.ts'
import type { Volume } from './volume.ts'

/** Turns one bit of a file over, in memory and on the platter; returns which. */
export function flipBit(volume: Volume, path: DiskPath, choose: number | ((bits: number) => number)): number {
  const node = volume.find(path, 'flipBit', true)
  if (node.kind !== 'file') throw diskErrorOf('EISDIR', 'flipBit', path)
  const bits = node.content.size * 8
  if (bits === 0) throw diskErrorOf('EINVAL', 'flipBit', path)
  const bit = typeof choose === 'number' ? choose : choose(bits)
  checkOffset(bit, 'flipBit', path)
  if (bit >= bits) throw diskErrorOf('EINVAL', 'flipBit', path)
  for (const content of [node.content, node.durable]) turn(content, bit)
  return bit
}

function turn(content: FileContent, bit: number): void {
  const index = Math.floor(bit / 8)
  const byte = content.bytes[index]
  if (byte !== undefined) content.write(Uint8Array.of(byte ^ (1 << (bit % 8))), index)
}
