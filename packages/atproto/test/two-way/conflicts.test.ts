import { describe, expect, it } from 'vitest'
import { blogPosts, notes, type Note as Post } from '@exprsn/atproto/mapping'
import type { Mapping, TwoWayPolicy } from '@exprsn/atproto/publish'
import { textOf } from '../../src/testing/text-of.ts'
import { Stage, type Note } from './stage.ts'

/** Both sides have a note that was changed here and there since they last agreed. */
async function conflicted(policies: NonNullable<Mapping<Note>['policies']>, later: 'local' | 'remote' = 'remote') {
  const stage = await Stage.open({ policies })
  await stage.write('n1', 'base', 'base')
  await stage.settle()
  const { path } = stage
  const steps = [
    () => stage.write('n1', 'local', 'base'),
    async () => stage.edit(path, { title: 'base', body: 'remote', mood: 'theirs' }),
  ]
  for (const step of later === 'remote' ? steps : steps.toReversed()) {
    await step()
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  await stage.settle()
  await stage.settle()
  return stage
}

describe('an edit on both sides', () => {
  it.each([
    ['local-wins', 'local/base'],
    ['remote-wins', 'base/remote'],
    ['merge', 'local/remote'],
  ] as const)('%s gives %s', async (twoWay, expected) => {
    await using stage = await conflicted({ twoWay })
    expect(await stage.notes()).toEqual([expected])
    expect(stage.remote()).toEqual([expected])
    expect(stage.account.repo.records.get(stage.path)!.value.mood).toBe('theirs')
    expect(await stage.twoWay.publisher.counts()).toMatchObject({ published: 1, parked: 0, pending: 0 })
  })

  it.each([
    ['local', 'local/base'],
    ['remote', 'base/remote'],
  ] as const)('newest: the %s one when it came later', async (later, expected) => {
    await using stage = await conflicted({ twoWay: 'newest' }, later)
    expect(await stage.notes()).toEqual([expected])
    expect(stage.remote()).toEqual([expected])
  })

  it('merge takes a function', async () => {
    const seen: unknown[] = []
    await using stage = await conflicted({
      twoWay: 'merge',
      merge(versions) {
        seen.push(versions)
        return { ...versions.local!, title: 'merged' }
      },
    })
    expect(seen[0]).toMatchObject({
      base: { title: 'base', body: 'base' },
      local: { title: 'local', body: 'base' },
      remote: { title: 'base', body: 'remote' },
    })
    expect(await stage.notes()).toEqual(['merged/base'])
    expect(stage.remote()).toEqual(['merged/base'])
  })

  it('merge to nothing deletes both', async () => {
    await using stage = await conflicted({ twoWay: 'merge', merge: () => undefined })
    expect(await stage.notes()).toEqual([])
    expect(stage.remote()).toEqual([])
  })

  it.each([
    ['local', ['local/base']],
    ['remote', ['base/remote']],
    [{ item: { id: 'n1', title: 'third', body: 'third' } }, ['third/third']],
  ] as const)('manual waits, and is decided for %o', async (decision, expected) => {
    await using stage = await conflicted({ twoWay: 'manual' })
    expect(await stage.notes()).toEqual(['local/base'])
    expect(stage.remote()).toEqual(['base/remote'])
    expect(await stage.twoWay.countConflicts()).toBe(1)
    const [conflict] = await stage.twoWay.conflicts()
    expect(conflict).toMatchObject({
      mapping: 'notes',
      id: 'n1',
      kind: 'edit',
      base: { title: 'base', body: 'base' },
      remote: { title: 'base', body: 'remote' },
      isLocalDeleted: false,
    })
    // What comes meanwhile is held.
    expect(await stage.write('n1', 'local', 'base')).toBe('unchanged')
    await stage.twoWay.decide('notes', 'n1', decision)
    await stage.settle()
    await stage.settle()
    expect(await stage.notes()).toEqual(expected)
    expect(stage.remote()).toEqual(expected)
    expect(await stage.twoWay.conflicts()).toEqual([])
    await expect(stage.twoWay.decide('notes', 'n1', 'local')).rejects.toThrow('has no conflict')
    await stage.write('n1', 'after', 'after')
    await stage.settle()
    expect(stage.remote()).toEqual(['after/after'])
  })

  it('manual: what is changed while it is held goes with the decision', async () => {
    await using stage = await conflicted({ twoWay: 'manual' })
    expect(await stage.write('n1', 'later', 'later')).toBe('held')
    stage.edit(stage.path, { body: 'remote 2' })
    await stage.settle()
    expect((await stage.twoWay.conflicts())[0]).toMatchObject({ remote: { body: 'remote 2' } })
    await expect(
      stage.twoWay.decide('notes', 'n1', { item: { id: 'other', title: '', body: '' } }),
    ).rejects.toMatchObject({ code: 'ATPROTO_TWO_WAY_DECISION_INVALID' })
    await stage.twoWay.decide('notes', 'n1', 'local')
    await stage.settle()
    expect(stage.remote()).toEqual(['later/later'])
  })

  it.each(['local-wins', 'remote-wins', 'newest', 'merge', 'manual'] as const)(
    '%s: the same edit on both sides is none',
    async (twoWay) => {
      await using stage = await Stage.open({ policies: { twoWay } })
      await stage.write('n1', 'base')
      await stage.settle()
      await stage.write('n1', 'same')
      stage.edit(stage.path, { title: 'same' })
      await stage.settle()
      await stage.settle()
      expect(stage.remote()).toEqual(['same/body'])
      expect(await stage.twoWay.countConflicts()).toBe(0)
      expect(await stage.twoWay.publisher.counts()).toMatchObject({ published: 1, parked: 0 })
    },
  )
})

describe('a deletion against an edit', () => {
  async function stageOf(twoWay: TwoWayPolicy, deleter: 'local' | 'remote'): Promise<Stage> {
    const stage = await Stage.open({ policies: { twoWay } })
    await stage.write('n1', 'base')
    await stage.settle()
    const { path } = stage
    if (deleter === 'local') {
      await stage.erase('n1')
      await new Promise((resolve) => setTimeout(resolve, 3))
      stage.edit(path, { title: 'remote' })
    } else {
      await stage.write('n1', 'local')
      await new Promise((resolve) => setTimeout(resolve, 3))
      stage.host.write(stage.did, [{ action: 'delete', path }])
    }
    await stage.settle()
    await stage.settle()
    return stage
  }

  it.each([
    ['local-wins', []],
    ['remote-wins', ['remote/body']],
    ['newest', ['remote/body']],
    ['merge', ['remote/body']],
  ] as const)('here, %s leaves %j', async (policy, expected) => {
    await using stage = await stageOf(policy, 'local')
    expect(stage.remote()).toEqual(expected)
    expect(await stage.notes()).toEqual(expected)
  })

  it.each([
    ['local-wins', ['local/body']],
    ['remote-wins', []],
    ['newest', []],
    ['merge', ['local/body']],
  ] as const)('there, %s leaves %j', async (policy, expected) => {
    await using stage = await stageOf(policy, 'remote')
    expect(stage.remote()).toEqual(expected)
    expect(await stage.notes()).toEqual(expected)
  })

  it.each([
    ['local', 'local', []],
    ['local', 'remote', ['remote/body']],
    ['remote', 'local', ['local/body']],
    ['remote', 'remote', []],
  ] as const)('manual: deleted %s, decided %s', async (deleter, decision, expected) => {
    await using stage = await stageOf('manual', deleter)
    expect((await stage.twoWay.conflicts())[0]).toMatchObject({
      kind: deleter === 'local' ? 'edit' : 'delete',
      isLocalDeleted: deleter === 'local',
    })
    await stage.twoWay.decide('notes', 'n1', decision)
    await stage.settle()
    await stage.settle()
    expect(stage.remote()).toEqual(expected)
    expect(await stage.notes()).toEqual(expected)
  })

  it('manual: both are given an item instead', async () => {
    await using stage = await stageOf('manual', 'remote')
    await stage.twoWay.decide('notes', 'n1', { item: { id: 'n1', title: 'new', body: 'new' } })
    await stage.settle()
    expect(stage.remote()).toEqual(['new/new'])
    expect(await stage.notes()).toEqual(['new/new'])
  })

  it('on both sides is a deletion', async () => {
    await using stage = await Stage.open({ policies: { twoWay: 'manual' } })
    await stage.write('n1', 'base')
    await stage.settle()
    await stage.erase('n1')
    stage.host.write(stage.did, [{ action: 'delete', path: stage.path }])
    await stage.settle()
    expect(await stage.twoWay.countConflicts()).toBe(0)
    expect(await stage.notes()).toEqual([])
  })
})

describe('what both had before', () => {
  async function stageOf(policies: NonNullable<Mapping<Note>['policies']>): Promise<Stage> {
    const stage = await Stage.open({ policies })
    await stage.database.query("insert into note values ('n1', 'local', 'body')")
    const value = { $type: 'com.example.note', id: 'n1', title: 'remote', body: 'body' }
    stage.host.write(stage.did, [{ action: 'create', path: 'com.example.note/k', value }])
    await stage.settle()
    await stage.settle()
    return stage
  }

  it.each([
    ['local-wins', 'local/body', 'local/body'],
    ['newest', 'local/body', 'local/body'],
    ['merge', 'local/body', 'local/body'],
    ['remote-wins', 'remote/body', 'remote/body'],
    ['manual', 'local/body', 'remote/body'],
  ] as const)('is joined by its id: %s', async (twoWay, local, remote) => {
    await using stage = await stageOf({ twoWay })
    expect(await stage.notes()).toEqual([local])
    expect(stage.remote()).toEqual([remote])
    if (twoWay !== 'manual') return
    await stage.twoWay.decide('notes', 'n1', 'remote')
    expect(await stage.notes()).toEqual(['remote/body'])
  })

  it('is linked without a write when it is equal, also by a backfill', async () => {
    await using stage = await Stage.open()
    await stage.database.query("insert into note values ('n1', 'same', 'body'), ('n2', 'only here', 'body')")
    const value = { $type: 'com.example.note', id: 'n1', title: 'same', body: 'body' }
    stage.host.write(stage.did, [{ action: 'create', path: 'com.example.note/k', value }])
    await stage.settle()
    const items = [
      { id: 'n1', title: 'same', body: 'body' },
      { id: 'n2', title: 'only here', body: 'body' },
    ]
    const told: unknown[] = []
    expect(await stage.twoWay.backfill('notes', items, { onProgress: (progress) => told.push(progress) })).toBe(1)
    expect(told.at(-1)).toEqual({ done: 2, queued: 1 })
    await stage.settle()
    expect(stage.calls['com.atproto.repo.putRecord']).toBe(1)
    expect(stage.remote()).toEqual(['only here/body', 'same/body'])
  })
})

describe('posts', () => {
  async function postStage(policies: NonNullable<Mapping<Post>['policies']>) {
    const items = new Map<string, Post>()
    const stage = await Stage.open(
      {},
      {
        twoWay: {
          mappings: {
            notes: {
              mapping: notes({ policies }),
              local: {
                read: (id: string) => items.get(id),
                save: (item: Post) => void items.set(item.id, item),
                remove: (id: string) => void items.delete(id),
              },
            },
          } as never,
        },
      },
    )
    const put = async (text: string) => {
      const item = { id: 'p1', text, createdAt: new Date('2026-01-01') }
      items.set('p1', item)
      await stage.twoWay.put('notes', item as never)
      await stage.settle()
    }
    return { stage, items, put }
  }
  const long = Array.from({ length: 90 }, (_, index) => `word${index}`).join(' ')

  it('come back, and keep what others have added', async () => {
    const { stage, items, put } = await postStage({})
    await using _ = stage
    await put('hello https://example.com')
    stage.edit(stage.path, { text: 'from elsewhere', facets: [], langs: ['sv'], mood: 'fine' })
    await stage.settle()
    expect(items.get('p1')).toMatchObject({ text: 'from elsewhere', langs: ['sv'] })
    await put('and back #tag')
    const { value } = stage.account.repo.records.get(stage.path)!
    expect(value).toMatchObject({ text: 'and back #tag', mood: 'fine', createdAt: '2026-01-01T00:00:00.000Z' })
    expect(value.facets).toHaveLength(1)
  })

  it('of a thread are written again, left alone, or held', async () => {
    for (const twoWay of ['local-wins', 'remote-wins', 'manual'] as const) {
      const { stage, items, put } = await postStage({ twoWay })
      await using _ = stage
      await put(long)
      const paths = [...stage.account.repo.records.keys()].sort()
      expect(paths).toHaveLength(3)
      const texts = () => paths.map((path) => stage.account.repo.records.get(path)?.value.text)
      const own = texts()
      stage.edit(paths[1]!, { text: 'changed' })
      await stage.settle()
      await stage.settle()
      expect(items.get('p1')?.text).toBe(long)
      if (twoWay === 'local-wins') expect(texts()).toEqual(own)
      else expect(texts()[1]).toBe('changed')
      if (twoWay === 'manual') {
        expect((await stage.twoWay.conflicts())[0]).toMatchObject({ isPart: true, id: 'p1' })
        await stage.twoWay.decide('notes', 'p1', 'local')
        await stage.settle()
        expect(texts()).toEqual(own)
        stage.host.write(stage.did, [{ action: 'delete', path: paths[2]! }])
        await stage.settle()
        expect((await stage.twoWay.conflicts())[0]).toMatchObject({ isPart: true, kind: 'delete' })
        await stage.twoWay.decide('notes', 'p1', 'remote')
        await stage.settle()
        expect(stage.account.repo.records.size).toBe(2)
      }
      // The next edit makes the whole thread anew, whatever was there.
      await put(`${long} end`)
      expect([...stage.account.repo.records.values()].map(({ value }) => textOf(value.text)).join(' ')).toContain('end')
      expect(await stage.twoWay.publisher.counts()).toMatchObject({ published: 1, parked: 0 })
    }
  })

  it('without a way back are published all the same', async () => {
    const mapping = blogPosts()
    expect(mapping.fromRecord).toBeUndefined()
    const post = { id: 'p', title: 'T', url: 'https://example.com/p', publishedAt: new Date('2026-01-01') }
    const items = new Map([['p', post]])
    await using stage = await Stage.open(
      {},
      {
        twoWay: {
          mappings: {
            notes: { mapping, local: { read: (id: string) => items.get(id), save: () => {}, remove: () => {} } },
          } as never,
        },
      },
    )
    await stage.twoWay.put('notes', post as never)
    await stage.settle()
    stage.edit(stage.path, { text: 'changed' })
    await stage.settle()
    await stage.settle()
    expect(stage.account.repo.records.get(stage.path)!.value.text).toBe('T')
  })
})
