import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { expect, it } from 'vitest'
import { cheapScrypt } from '../../../test/sample-repository.ts'
import { openRepository } from '../open-repository.ts'

it('reads eight snapshots at a time, and gives them in the order of their times', async () => {
  const store = memoryStore()
  const password = 'secret'
  const repository = await openRepository({ store, password, scrypt: cheapScrypt, create: 'new' })
  const session = await repository.begin()
  const { id: tree } = await session.writer.save('tree', Buffer.from('{"nodes":[]}\n'))
  const times = [5, 3, 8, 1, 9, 2, 7, 4, 6].map((hour) => new Date(Date.UTC(2026, 0, 1, hour)))
  for (const time of times)
    await session.commit({
      ...{ time, tree, paths: [], hostname: 'host', username: 'user', tags: [], source: 'files' },
      ...{ excludes: [], omitted: [], problems: [], problemCount: 0 },
    })
  await session.end()

  let asked = 0
  let letGo = (): void => {}
  const eightAsked = new Promise<void>((resolve) => (letGo = resolve))
  const get: ObjectStore['get'] = async (key, options) => {
    if (key.startsWith('snapshots/')) {
      if (++asked === 8) letGo()
      await eightAsked
    }
    return store.get(key, options)
  }
  const slow = await openRepository({ store: { ...store, get }, password })
  const hours = (await slow.snapshots()).map(({ time }) => time.getUTCHours())
  expect(hours).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(asked).toBe(9)
})
