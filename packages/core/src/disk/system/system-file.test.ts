import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../make-temporary-folder.ts'
import { readFile } from '../read-file.ts'
import { removeTree } from '../remove-tree.ts'
import { systemDisk } from '../system-disk.ts'

let folder: string
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

describe('a file of the system', () => {
  it('finishes the calls under way before it is closed', async () => {
    const file = await systemDisk.open(`${folder}/file`, 'create')
    const writes = Array.from({ length: 20 }, (_, index) =>
      file.write(new Uint8Array(65_536).fill(index), index * 65_536),
    )
    await file.close()
    // The descriptor's number is free now: a late write would land in this file.
    const next = await systemDisk.open(`${folder}/next`, 'create')
    await Promise.all(writes)
    expect((await next.stat()).size).toBe(0)
    await next.close()
    const bytes = await readFile(systemDisk, `${folder}/file`)
    expect(bytes.length).toBe(20 * 65_536)
    expect(bytes.every((byte, index) => byte === Math.floor(index / 65_536))).toBe(true)
  })

  it('finishes them also when it is closed at once', async () => {
    const file = await systemDisk.open(`${folder}/file`, 'create')
    const write = file.write(new Uint8Array(1_000_000).fill(7), 0)
    file.closeSync()
    await expect(file.read(new Uint8Array(1), 0)).rejects.toMatchObject({ code: 'CORE_DISK_CLOSED' })
    await write
    expect((await readFile(systemDisk, `${folder}/file`)).length).toBe(1_000_000)
  })

  it('says that the disk is full, with the path and the reason', async () => {
    // Linux keeps a device that is always full.
    const full = await systemDisk.open('/dev/full', 'update')
    const expected = {
      code: 'CORE_DISK_FULL',
      status: 507,
      retryable: false,
      details: { path: '/dev/full', operation: 'write', errno: 'ENOSPC' },
      cause: { code: 'ENOSPC' },
    }
    await expect(full.write(new Uint8Array(10), 0)).rejects.toMatchObject(expected)
    expect(() => full.writeSync(new Uint8Array(10), 0)).toThrowError(
      expect.objectContaining({ code: 'CORE_DISK_FULL' }),
    )
    await full.close()
  })

  it('gives the system an error for every call that a pipe cannot do', async () => {
    const file = await systemDisk.open('/dev/null', 'update')
    await expect(file.truncate(5)).rejects.toMatchObject({ code: 'CORE_DISK_FAILED', details: { errno: 'EINVAL' } })
    expect((await file.stat()).kind).toBe('character-device')
    await file.close()
  })
})
