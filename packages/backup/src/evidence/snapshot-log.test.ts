import { describe, expect, it } from 'vitest'
import { restic, resticMissing } from '../../test/restic.ts'
import { sampleFiles, sampleRepository } from '../../test/sample-repository.ts'
import { folderStore } from '@exprsn/core/storage'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordSnapshots, verifySnapshotLog } from './snapshot-log.ts'

const kinds = (report: Awaited<ReturnType<typeof verifySnapshotLog>>): string[] =>
  report.problems.map(({ kind }) => kind)

async function recorded() {
  const sample = await sampleRepository(1)
  await recordSnapshots(sample.repository)
  for (let version = 1; version < 4; version++) {
    await sample.backup(String(version), sampleFiles(version))
    await recordSnapshots(sample.repository)
  }
  return { ...sample, log: await sample.keys('x-exprsn/log/') }
}

describe('the log of snapshots', () => {
  it('agrees with the repository, and grows only when something changed', async () => {
    const { repository, log } = await recorded()
    const head = await recordSnapshots(repository)
    expect(head.sequence).toBe(4)
    expect(log).toHaveLength(4)
    const report = await verifySnapshotLog(repository, { head })
    expect(report).toMatchObject({ ok: true, entries: 4, head, problems: [], unrecorded: [] })
    expect(report.publicKey).toContain('BEGIN PUBLIC KEY')
  })

  it('is empty at first, and names what it does not know yet', async () => {
    const { repository } = await sampleRepository(2)
    const report = await verifySnapshotLog(repository)
    expect(report).toMatchObject({ ok: true, entries: 0, head: undefined })
    expect(report.unrecorded).toHaveLength(2)
  })

  it('shows every flipped byte of every entry', async () => {
    const { repository, log, flip, store } = await recorded()
    for (const key of log) {
      const { size } = (await store.head(key))!
      for (let index = 0; index < size; index++) {
        await flip(key, index)
        expect((await verifySnapshotLog(repository)).ok, `${key}, byte ${index}`).toBe(false)
        await flip(key, index)
      }
    }
  })

  it('shows an entry that is gone, and one that was put in another place', async () => {
    const { repository, log, store } = await recorded()
    const second = await (await store.get(log[1]!)).bytes()
    await store.delete(log[1]!)
    expect(kinds(await verifySnapshotLog(repository))).toEqual(['entry-missing'])
    await store.put(log[1]!, await (await store.get(log[2]!)).bytes())
    expect(kinds(await verifySnapshotLog(repository))).toEqual(['entry-damaged', 'entry-missing'])
    await store.put(log[1]!, second)
    expect((await verifySnapshotLog(repository)).ok).toBe(true)
  })

  it('shows a snapshot that somebody removed, until that is recorded', async () => {
    const { repository, keys, store } = await recorded()
    const [snapshot] = await keys('snapshots/')
    await store.delete(snapshot!)
    const report = await verifySnapshotLog(repository)
    expect(report.problems).toEqual([{ kind: 'snapshot-removed', subject: snapshot!.slice('snapshots/'.length) }])
    await recordSnapshots(repository)
    expect((await verifySnapshotLog(repository)).ok).toBe(true)
  })

  it('shows a repository that was set back, to whoever kept the head elsewhere', async () => {
    const { repository, log, store, keys } = await recorded()
    const { head } = await verifySnapshotLog(repository)
    const latest = (await repository.snapshots()).at(-1)!
    await store.delete(log.at(-1)!)
    await store.delete(`snapshots/${latest.id}`)
    expect((await verifySnapshotLog(repository)).ok).toBe(true)
    expect(kinds(await verifySnapshotLog(repository, { head }))).toEqual(['head-missing'])
    expect(await keys('x-exprsn/log/')).toHaveLength(3)
  })

  it('does not accept entries that another repository signed', async () => {
    const [one, two] = [await recorded(), await recorded()]
    for (const key of one.log) await one.store.put(key, await (await two.store.get(key)).bytes())
    expect(kinds(await verifySnapshotLog(one.repository))).toEqual(Array.from({ length: 4 }, () => 'entry-damaged'))
  })

  it('is written by several programs at once without a fork', async () => {
    const sample = await sampleRepository(1)
    const others = await Promise.all(Array.from({ length: 4 }, () => sample.reopen()))
    for (let round = 0; round < 3; round++) {
      await sample.backup(`round ${round}`, sampleFiles(round + 5))
      await Promise.all(others.map((each) => recordSnapshots(each)))
    }
    expect(await verifySnapshotLog(sample.repository)).toMatchObject({ ok: true, entries: 3 })
  })

  it.skipIf(resticMissing !== undefined)(`is no trouble to restic (${resticMissing ?? 'found'})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-log-'))
    try {
      const sample = await sampleRepository(2, { store: folderStore({ path: folder }) })
      await recordSnapshots(sample.repository)
      restic(folder, ['forget', (await sample.repository.snapshots())[0]!.id, '--prune'])
      expect(restic(folder, ['check', '--read-data'])).toContain('no errors were found')
      expect(kinds(await verifySnapshotLog(await sample.reopen()))).toEqual(['snapshot-removed'])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
