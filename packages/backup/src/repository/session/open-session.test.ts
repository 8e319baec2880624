import { nextTurn } from '@exprsn/core'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { expect, it } from 'vitest'
import { openRepository } from '../open-repository.ts'

it('asks nothing of the store any more once it has failed', async () => {
  const memory = memoryStore()
  const listing = Promise.withResolvers<void>()
  const store: ObjectStore = {
    ...memory,
    put: (key, ...rest) =>
      key.startsWith('x-exprsn/sessions/') ? Promise.reject(new Error('no room')) : memory.put(key, ...rest),
    async *list(options) {
      if (options?.prefix === 'snapshots/') await listing.promise
      yield* memory.list(options)
    },
  }
  const scrypt = { N: 1_024, r: 8, p: 1 }
  const repository = await openRepository({ store, password: 'secret', create: 'new', scrypt, attempts: 1 })
  let ended = false
  const session = repository.begin({ parent: {} }).finally(() => (ended = true))
  session.catch(() => {})
  for (let turn = 0; turn < 50; turn++) await nextTurn()
  expect(ended).toBe(false)
  listing.resolve()
  await expect(session).rejects.toThrow('no room')
  await repository.close()
})
