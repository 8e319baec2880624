import { createSimulatedDisk, SimulatedClock, type DiskFault, type SimulatedDisk } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { adoptFolders, type AdoptedFolder, type AdoptOptions } from './adopt-folders.ts'
import { Spool } from './spool.ts'
import { SpoolReader } from './spool-reader.ts'

const clock = new SimulatedClock({ now: Date.UTC(2026, 0, 1) })
const line = (index: number): string => JSON.stringify({ index, text: 'padding '.repeat(4) })

async function left(lines: number, segmentBytes = 1_024) {
  let fault: ((name: string, path: string) => DiskFault | undefined) | undefined
  const disk = createSimulatedDisk({ clock, intercept: ({ name, path }) => fault?.(name, path) })
  disk.makeFolderSync('/spool')
  const spool = new Spool({ spool: '/spool', disk, clock, segmentBytes })
  for (let index = 0; index < lines; index++) spool.write(line(index))
  await clock.advanceBy(10)
  await spool.close(() => false)
  const problems: unknown[] = []
  const options: AdoptOptions = {
    disk,
    clock,
    spool: '/spool',
    except: new Set(),
    adoptAfter: 0,
    onProblem: (error) => problems.push(error),
  }
  const failWith = (next: typeof fault): void => {
    fault = next
  }
  return { disk, folder: spool.log.folder, id: spool.log.id, options, problems, failWith }
}

async function read(disk: SimulatedDisk, folder: AdoptedFolder, from = 1) {
  const lost: [number, string][] = []
  const reader = new SpoolReader(disk, folder, from, { onLoss: (lines, reason) => lost.push([lines, reason]) })
  let lines = 0
  for (;;) {
    const { records } = await reader.read({ records: 10, bytes: 4_096 })
    if (records.length === 0) break
    lines += records.length
  }
  await reader.close()
  return { lines, lost, next: reader.next }
}

describe('folders of dead processes', () => {
  it('are none where there is no spool, and a spool that cannot be listed says so', async () => {
    const { options, failWith } = await left(1)
    expect(await adoptFolders({ ...options, spool: '/elsewhere' })).toEqual([])
    failWith((name) => (name === 'entries' ? { errno: 'EIO' } : undefined))
    await expect(adoptFolders(options)).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
  })

  it('whose lock cannot be looked at are reported and left alone', async () => {
    const { options, problems, failWith } = await left(1)
    failWith((name, path) => (name === 'stat' && path.endsWith('/lock') ? { errno: 'EACCES' } : undefined))
    expect(await adoptFolders(options)).toEqual([])
    expect(problems).toHaveLength(1)
    failWith(undefined)
    expect(await adoptFolders(options)).toHaveLength(1)
  })

  it('are taken by one only: whoever comes second gets none, and whoever gives up makes room', async () => {
    const { disk, options } = await left(3)
    const [first, second] = await Promise.all([adoptFolders(options), adoptFolders(options)])
    expect([first.length, second.length].sort((a, b) => a - b)).toEqual([0, 1])
    await (first[0] ?? second[0])!.release(false)
    const [again] = await adoptFolders(options)
    expect((await read(disk, again!)).lines).toBe(3)
  })

  it('without a lock have to be much older', async () => {
    const { disk, folder, options } = await left(2)
    await disk.removeFile(`${folder}/lock`)
    const patient = { ...options, adoptAfter: 1_000 }
    await clock.advanceBy('20s')
    expect(await adoptFolders(patient)).toEqual([])
    await clock.advanceBy('20s')
    expect(await adoptFolders(patient)).toHaveLength(1)
  })

  it('lose their oldest segments for want of room, each line counted, also those of the last', async () => {
    const { disk, options } = await left(40)
    const [folder] = await adoptFolders(options)
    const before = folder!.segments.length
    expect(before).toBeGreaterThan(2)
    await folder!.dropOldest()
    expect(folder!.segments).toHaveLength(before - 1)
    const { lines, lost } = await read(disk, folder!)
    expect(lost).toEqual([[40 - lines, 'dropped']])
    while (folder!.segments.length > 0) await folder!.dropOldest()
    await folder!.dropOldest()
    expect(await read(disk, folder!)).toEqual({ lines: 0, lost: [[40, 'dropped']], next: 41 })
    expect(folder!.bytes).toBe(0)
  })

  it('that cannot be read while they are dropped count what could be read', async () => {
    const { options, failWith } = await left(1)
    const [folder] = await adoptFolders(options)
    failWith((name) => (name === 'read' ? { errno: 'EIO' } : undefined))
    await folder!.dropOldest()
    expect(folder!.endAfter(1)).toBe(1)
  })

  it('that cannot be given up stay ours until they can', async () => {
    const { disk, options, failWith } = await left(1)
    const [folder] = await adoptFolders(options)
    failWith((name) => (name === 'entries' ? { errno: 'EIO' } : undefined))
    await expect(folder!.release(true)).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    failWith(undefined)
    await folder!.release(true)
    expect(disk.entriesSync('/spool')).toEqual([])
  })

  it('remove a segment once', async () => {
    const { options } = await left(30)
    const [folder] = await adoptFolders(options)
    const [segment] = folder!.segments
    await folder!.remove(segment!)
    const { bytes } = folder!
    await folder!.remove(segment!)
    expect(folder!.bytes).toBe(bytes)
  })
})
