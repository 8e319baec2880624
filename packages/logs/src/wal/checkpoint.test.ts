import { createSimulatedDisk } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { checkpointPath, openCheckpoint } from './checkpoint.ts'

async function newFolder() {
  const disk = createSimulatedDisk()
  await disk.makeFolder('/f')
  return disk
}

describe('a checkpoint', () => {
  it('begins at the first line, moves forward only, and is found again', async () => {
    const disk = await newFolder()
    const checkpoint = await openCheckpoint(disk, '/f', 'loki')
    expect(checkpoint.sequence).toBe(1)
    for (const sequence of [5, 9, 7]) await checkpoint.advance(sequence)
    await checkpoint.close()
    expect((await openCheckpoint(disk, '/f', 'loki')).sequence).toBe(9)
    expect((await openCheckpoint(disk, '/f', 'other')).sequence).toBe(1)
  })

  it('falls back to the one before when its last write is torn or rots', async () => {
    const disk = await newFolder()
    const checkpoint = await openCheckpoint(disk, '/f', 'loki')
    await checkpoint.advance(2 ** 40)
    await checkpoint.advance(2 ** 40 + 1)
    await checkpoint.close()
    // The slots take turns, beginning with the second.
    disk.flipBit(checkpointPath('/f', 'loki'), 3)
    expect((await openCheckpoint(disk, '/f', 'loki')).sequence).toBe(2 ** 40)
  })

  it('keeps sinks apart from folders', () => {
    expect(checkpointPath('/f', '../../etc/x')).toBe('/f/.._.._etc_x.checkpoint')
  })
})
