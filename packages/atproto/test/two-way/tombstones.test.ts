import { describe, expect, it } from 'vitest'
import { Stage } from './stage.ts'

describe('what was deleted', () => {
  it('is remembered for 30 days, whoever deleted it, and forgotten when that is over', async () => {
    await using stage = await Stage.open()
    await stage.write('n1', 'erased here')
    await stage.settle()
    const { path } = stage
    await stage.write('n2', 'erased there')
    await stage.write('n3', 'kept')
    await stage.settle()
    await stage.erase('n1')
    const [other] = [...stage.account.repo.records].find(([, { value }]) => value.title === 'erased there')!
    stage.host.write(stage.did, [{ action: 'delete', path: other }])
    await stage.settle()
    expect(await stage.notes()).toEqual(['kept/body'])
    expect(stage.remote()).toEqual(['kept/body'])
    expect(await stage.twoWay.prune()).toBe(0)
    expect(await stage.twoWay.get('notes', 'n1')).toMatchObject({ deleted: 'local' })
    expect(await stage.twoWay.get('notes', 'n2')).toMatchObject({ deleted: 'remote' })

    await aged(stage, 29)
    expect(await stage.twoWay.prune()).toBe(0)
    await aged(stage, 2)
    // It does so by itself.
    await stage.settle()
    expect(await stage.twoWay.prune()).toBe(0)
    expect(await stage.twoWay.get('notes', 'n1')).toBeUndefined()
    expect(await stage.twoWay.get('notes', 'n2')).toBeUndefined()
    expect(await stage.twoWay.get('notes', 'n3')).toMatchObject({ deleted: undefined })

    // What comes again is new, under a key of its own.
    await stage.write('n1', 'again')
    await stage.settle()
    expect(stage.remote()).toEqual(['again/body', 'kept/body'])
    expect(stage.account.repo.records.has(path)).toBe(false)
    expect(await stage.notes()).toEqual(['again/body', 'kept/body'])
  })

  it('is not forgotten while somebody has to decide about it', async () => {
    await using stage = await Stage.open({ policies: { twoWay: 'manual' } })
    await stage.write('n1', 'base')
    await stage.settle()
    stage.edit(stage.path, { title: 'theirs' })
    await stage.erase('n1')
    await stage.settle()
    expect(await stage.twoWay.countConflicts()).toBe(1)
    await aged(stage, 365)
    expect(await stage.twoWay.prune()).toBe(0)
    await stage.twoWay.decide('notes', 'n1', 'remote')
    await stage.settle()
    expect(await stage.notes()).toEqual(['theirs/body'])
  })
})

/** As if all deletions had been longer ago. */
async function aged({ database }: Stage, days: number): Promise<void> {
  await database.query('update exprsn_two_way_item set deleted_at = deleted_at - $1', [days * 86_400_000])
}
