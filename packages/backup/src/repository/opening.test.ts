import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { mapSource } from '../../test/map-source.ts'
import { cheapScrypt } from '../../test/sample-repository.ts'
import { createBackup } from '../engine/index.ts'
import { openRepository } from './open-repository.ts'
import { derivationBegun } from './opening.ts'

let store: ObjectStore

beforeEach(async () => {
  store = memoryStore()
  await openRepository({ store, password: 'secret', create: 'new', scrypt: cheapScrypt })
})

/** The store, of which keys are not read before they are let go. */
function heldBack() {
  const [asked, keys] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const get: ObjectStore['get'] = async (key, options) => {
    if (key.startsWith('keys/')) {
      asked.resolve()
      await keys.promise
    }
    return store.get(key, options)
  }
  return { store: { ...store, get }, asked: asked.promise, release: () => keys.resolve() }
}

describe('a repository that is being opened', () => {
  it('has a source begin when its key is being derived, not before', async () => {
    const { store: slow, asked, release } = heldBack()
    const events: string[] = []
    const opening = openRepository({ store: slow, password: 'secret' })
    const source = mapSource(new Map([['a', 'content']]))
    const watched = {
      ...source,
      backup: async (context: Parameters<typeof source.backup>[0]) => {
        events.push('source')
        return source.backup(context)
      },
    }
    const run = createBackup({ repository: opening, sources: { docs: watched } }).run('docs')
    const begun = derivationBegun(opening).then(() => events.push('derivation'))
    await asked
    await new Promise((resolve) => setImmediate(resolve))
    expect(events).toEqual([])
    release()
    await begun
    await run
    expect(events).toContain('source')
  })

  it('holds nobody up when it cannot be opened', async () => {
    for (const options of [{ store: memoryStore() }, { store, packSize: 1 }, { store, password: 'wrong' }]) {
      const opening = openRepository({ password: 'secret', ...options })
      await derivationBegun(opening)
      await expect(opening).rejects.toMatchObject({ code: expect.stringMatching(/^BACKUP_REPOSITORY_/) })
    }
  })

  it('is one that was opened here: others are not waited for', async () => {
    await expect(derivationBegun(new Promise(() => {}))).resolves.toBeUndefined()
    await derivationBegun(openRepository({ store: memoryStore(), password: 'x', create: 'new', scrypt: cheapScrypt }))
  })
})
