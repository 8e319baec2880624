import { crc32 } from 'node:zlib'
import type { Disk, DiskFile } from '@exprsn/core/disk'
import { contentOrEmpty } from './content-or-empty.ts'
import { putUint32, uint32 } from './frame.ts'

/** Sequence u48, zeros, CRC-32. */
const slotSize = 16
/** One slot to a sector: a torn write leaves the other whole. */
const slotDistance = 512

/** How far a sink is in a spool folder. */
export interface Checkpoint {
  /** Every line before this sequence is with the sink, or in the dead letters. */
  readonly sequence: number
  /** Moves forward. What is lost or cannot be written costs repetitions, never lines; so it is not synced. */
  advance(sequence: number): Promise<void>
  /** Makes safe what the sink holds in memory, where it does that: then {@link Checkpoint.sequence} is where it is. */
  settle?(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Opens the checkpoint of a sink; a missing or damaged one says 1, the first line. */
export async function openCheckpoint(disk: Disk, folder: string, sink: string): Promise<Checkpoint> {
  const path = checkpointPath(folder, sink)
  let [sequence, slot] = readSlots(await contentOrEmpty(disk, path))
  let file: DiskFile | undefined
  return {
    get sequence() {
      return sequence
    },
    async advance(to) {
      if (to <= sequence) return
      // Also when it cannot be written: a full disk is freed by removing what is delivered.
      sequence = to
      file ??= await disk.open(path, 'create', { permissions: 0o600 })
      await file.write(encodeSlot(to), (1 - slot) * slotDistance)
      slot = 1 - slot
    },
    async close() {
      await file?.close()
      file = undefined
    },
  }
}

/** The bytes of one slot. */
export function encodeSlot(sequence: number): Uint8Array {
  const bytes = Buffer.alloc(slotSize)
  bytes.writeUIntLE(sequence, 0, 6)
  putUint32(bytes, 12, crc32(bytes.subarray(0, 12)))
  return bytes
}

/** `<sink>.checkpoint`, with whatever no file name may hold replaced. */
export function checkpointPath(folder: string, sink: string): string {
  return `${folder}/${sink.replaceAll(/[^\w.-]/g, '_')}.checkpoint`
}

/** The farther of the two slots that are whole, and which it is. */
function readSlots(bytes: Uint8Array): [sequence: number, slot: number] {
  const [first, second] = [0, 1].map((slot) =>
    readSlot(bytes.subarray(slot * slotDistance, slot * slotDistance + slotSize)),
  )
  return second! > first! ? [second!, 1] : [first!, 0]
}

function readSlot(bytes: Uint8Array): number {
  if (bytes.length < slotSize || uint32(bytes, 12) !== crc32(bytes.subarray(0, 12))) return 1
  return Math.max(1, uint32(bytes, 0) + (bytes[4]! | (bytes[5]! << 8)) * 0x1_0000_0000)
}
