import { systemRandom } from '@exprsn/core'
import {
  joinPath,
  makeTemporaryFolder,
  removeTree,
  systemDisk,
  writeFileAtomic,
  type DiskStat,
} from '@exprsn/core/disk'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { masterKeyOf } from '../../repository/key/master-key.ts'
import type { FileOutcome } from './file-job.ts'
import { createFileReader } from './read-files.ts'
import { SharedIdSet } from './shared-id-set.ts'

const settings = {
  key: masterKeyOf(systemRandom.bytes(64)),
  packSize: 2 ** 20,
  compression: undefined,
  chunkerPolynomial: 0x3da3358b4dc173n,
}
let folder: string
let path: string
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  path = joinPath(folder, 'file') as string
  await writeFileAtomic(systemDisk, path, Buffer.from('as it was when its folder was read'))
})
afterEach(() => removeTree(systemDisk, folder))

/** Reads the file after something was done to it. */
async function readAfter(change: () => Promise<unknown> | void): Promise<FileOutcome> {
  const stat = await systemDisk.stat(path)
  await change()
  return readWith(stat)
}

/** Reads what lies at the path, in the belief that it is what was found before. */
function readWith(stat: DiskStat): FileOutcome {
  const known = SharedIdSet.withRoom(100)
  const reader = createFileReader({ disk: systemDisk, random: systemRandom, settings, known, chunker: 'gear' })
  const { value, done } = reader.read([{ path, stat }]).next()
  expect(done).toBe(true)
  const outcomes = value as FileOutcome[]
  expect(reader.finish() === undefined).toBe(outcomes[0]!.status !== 'read')
  return outcomes[0]!
}

describe('reading a file whose name may have become something else', () => {
  it('reads what is as it was', async () => {
    expect(await readAfter(() => {})).toMatchObject({ status: 'read', bytes: 34, changed: false })
  })

  it('follows no link that has taken its place', async () => {
    const outcome = await readAfter(async () => {
      await systemDisk.rename(path, joinPath(folder, 'other'))
      await systemDisk.symlink('other', path)
    })
    expect(outcome.status).toBe('unreadable')
  })

  it('is not held up by a FIFO that has taken its place', async () => {
    const outcome = await readAfter(async () => {
      await systemDisk.removeFile(path)
      execFileSync('mkfifo', [path])
    })
    expect(outcome).toEqual({ status: 'unreadable', detail: 'it was replaced while it was opened' })
  })

  it('nor by one that was given the inode number of the file', async () => {
    const old = await systemDisk.stat(path)
    await systemDisk.removeFile(path)
    execFileSync('mkfifo', [path])
    const { inode, device } = await systemDisk.stat(path)
    const outcome = readWith({ ...old, inode, device })
    expect(outcome).toEqual({ status: 'unreadable', detail: 'it was replaced while it was opened' })
  })

  it('does not take another file for it', async () => {
    const outcome = await readAfter(() => writeFileAtomic(systemDisk, path, Buffer.from('another')))
    expect(outcome).toEqual({ status: 'unreadable', detail: 'it was replaced while it was opened' })
  })

  it('says that it is gone', async () => {
    expect((await readAfter(() => systemDisk.removeFile(path))).status).toBe('vanished')
  })

  it('says that it was written to meanwhile', async () => {
    const outcome = await readAfter(async () => {
      const file = await systemDisk.open(path, 'update')
      await file.write(Buffer.from('As'), 0)
      await file.truncate(40)
      await file.close()
    })
    expect(outcome).toMatchObject({ status: 'read', bytes: 40, changed: true })
  })
})

describe('the memory of packs', () => {
  it('is that of two, and none of them grows, when each comes back before the next but one', async () => {
    await writeFileAtomic(systemDisk, path, systemRandom.bytes(60 * 2 ** 20))
    const stat = await systemDisk.stat(path)
    const large = { ...settings, packSize: 16 * 2 ** 20 }
    const known = SharedIdSet.withRoom(100)
    const options = { disk: systemDisk, random: systemRandom, known, chunker: 'gear' } as const
    const reader = createFileReader({ ...options, settings: large })
    const buffers = new Set<ArrayBuffer>()
    const run = reader.read([{ path, stat }])
    let stored = 0
    let underWay: ArrayBuffer | undefined
    for (let step = run.next(); !step.done; step = run.next()) {
      const { buffer, byteLength } = step.value.bytes
      buffers.add(buffer)
      stored += byteLength
      expect(buffer.byteLength).toBe(17 * 2 ** 20)
      if (underWay !== undefined) reader.recycle(underWay)
      underWay = buffer
    }
    expect(stored + (reader.finish()?.bytes.length ?? 0)).toBeGreaterThan(60 * 2 ** 20)
    expect(buffers.size).toBe(2)
  })
})
