import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { nextTurn } from './next-turn.ts'

describe('nextTurn', () => {
  it('lets timers fire and calls of the system finish, which promises alone do not', async () => {
    const done = new Set<string>()
    setTimeout(() => done.add('timer'), 0)
    const server = createServer().listen(0, () => done.add('system'))
    for (let step = 0; step < 1_000; step++) await Promise.resolve()
    expect([...done]).toEqual([])
    while (done.size < 2) await nextTurn()
    server.close()
    await once(server, 'close')
  })

  it('comes after those who waited before', async () => {
    const order: string[] = []
    const first = nextTurn().then(() => order.push('first'))
    const second = nextTurn().then(() => order.push('second'))
    await Promise.all([second, first])
    expect(order).toEqual(['first', 'second'])
  })
})
