import { crc32c } from '@exprsn/core/bytes'
import type { Disk, DiskFile } from '@exprsn/core/disk'
import { createSimulatedDisk, SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { readControlFile } from './control-file.ts'

const random = new SeededRandom(1)

/** A control file with so many bytes of fields. */
function controlFile(fields: number): Uint8Array {
  const bytes = new Uint8Array(8_192)
  bytes.set(random.bytes(fields))
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, 7_000_000_000_000_000_001n, true)
  view.setUint32(12, 202_506_291, true)
  view.setUint32(fields, crc32c(bytes.subarray(0, fields)), true)
  return bytes
}

async function diskWith(bytes: Uint8Array | undefined): Promise<Disk> {
  const disk = createSimulatedDisk()
  await disk.makeFolder('/data/global')
  if (bytes === undefined) return disk
  const file = await disk.open('/data/global/pg_control', 'create-new')
  await file.write(bytes, 0)
  await file.close()
  return disk
}

/** A disk whose first readings give something else. */
function atFirst(disk: Disk, times: number, change: (bytes: Uint8Array) => number): Disk {
  let left = times
  return {
    ...disk,
    async open(path, mode) {
      const file = await disk.open(path, mode)
      return {
        ...{ path, stat: () => file.stat(), close: () => file.close() },
        async read(target: Uint8Array, position: number) {
          const got = await file.read(target, position)
          return left-- > 0 ? change(target) : got
        },
      } as DiskFile
    },
  }
}

describe('readControlFile', () => {
  it.each([232, 288, 292])('finds the checksum behind %i bytes of fields', async (fields) => {
    const bytes = controlFile(fields)
    const control = await readControlFile(await diskWith(bytes), '/data')
    expect(control).toMatchObject({ systemIdentifier: 7_000_000_000_000_000_001n, catalogVersion: 202_506_291 })
    expect(Buffer.compare(control!.bytes, bytes)).toBe(0)
  })

  it('reads again while it is being written', async () => {
    const bytes = controlFile(288)
    const disk = await diskWith(bytes)
    for (const change of [
      (target: Uint8Array) => target.fill(9, 100, 110).length,
      (target: Uint8Array) => target.fill(9, 4_000, 4_001).length,
      () => 512,
    ]) {
      const control = await readControlFile(atFirst(disk, 3, change), '/data')
      expect(Buffer.compare(control!.bytes, bytes)).toBe(0)
    }
  })

  it('does not take one that stays wrong, or is something else', async () => {
    const unreadable = { code: 'BACKUP_BASE_FOLDER_UNREADABLE', details: { path: '/data/global/pg_control' } }
    const wrong = controlFile(288)
    wrong[40]! ^= 1
    await expect(readControlFile(await diskWith(wrong), '/data')).rejects.toMatchObject(unreadable)
    await expect(readControlFile(await diskWith(new Uint8Array(10)), '/data')).rejects.toMatchObject(unreadable)
    await expect(readControlFile(await diskWith(new Uint8Array()), '/data')).rejects.toMatchObject(unreadable)
    expect(await readControlFile(await diskWith(undefined), '/data')).toBeUndefined()
  })
})
