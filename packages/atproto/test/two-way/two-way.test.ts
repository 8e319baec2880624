import { describe, expect, it } from 'vitest'
import { Stage } from './stage.ts'

describe('a two-way sync', () => {
  it('publishes what the host has, and what comes back of it is no news', async () => {
    await using stage = await Stage.open()
    await stage.write('n1', 'one')
    await stage.settle()
    expect(stage.remote()).toEqual(['one/body'])
    expect(await stage.twoWay.get('notes', 'n1')).toMatchObject({ origin: 'local', hasConflict: false })
    const writes = stage.calls['com.atproto.repo.putRecord']
    await stage.settle()
    expect(stage.calls['com.atproto.repo.putRecord']).toBe(writes)
  })

  it('brings what others have made, changed and deleted', async () => {
    await using stage = await Stage.open()
    stage.host.write(stage.did, [
      { action: 'create', path: 'com.example.note/k', value: { id: 'r1', title: 'theirs', body: 'x' } },
    ])
    await stage.settle()
    expect(await stage.notes()).toEqual(['theirs/x'])
    stage.edit('com.example.note/k', { title: 'changed' })
    await stage.settle()
    expect(await stage.notes()).toEqual(['changed/x'])
    await stage.write('r1', 'ours', 'x')
    await stage.settle()
    expect([...stage.account.repo.records.keys()]).toEqual(['com.example.note/k'])
    expect(stage.remote()).toEqual(['ours/x'])
    stage.host.write(stage.did, [{ action: 'delete', path: 'com.example.note/k' }])
    await stage.settle()
    expect(await stage.notes()).toEqual([])
    expect(stage.remote()).toEqual([])
  })

  it('keeps the fields of others', async () => {
    await using stage = await Stage.open()
    await stage.write('n1', 'one')
    await stage.settle()
    stage.edit(stage.path, { mood: 'fine', title: 'remote' })
    await stage.settle()
    expect(await stage.notes()).toEqual(['remote/body'])
    await stage.write('n1', 'local')
    await stage.settle()
    expect(stage.account.repo.records.get(stage.path)!.value).toMatchObject({ title: 'local', mood: 'fine' })
  })
})
