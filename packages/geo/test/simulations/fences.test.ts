import { createFences } from '@exprsn/geo/fence'
import { describe, expect, it } from 'vitest'
import { simulateFences } from './fences/storm.ts'
import { importMutant, type Mutation } from './fences/mutant.ts'

const seeds = Array.from({ length: 50 }, (_, seed) => seed + 1)

describe('fences in a storm of fixes', () => {
  it('tell every crossing once: 50 seeds', { timeout: 120_000 }, () => {
    let events = 0
    for (const seed of seeds) {
      const result = simulateFences(seed, createFences)
      expect([seed, result.violations]).toEqual([seed, []])
      events += result.events
    }
    expect(events).toBeGreaterThan(1_000)
  })

  const tracker = 'fence/track/tracker.ts'
  it.each<[string, Mutation]>([
    ['fixes near a border count', { file: tracker, from: 'margin > 0 && zone % 2 === 0 &&', to: 'margin > 1e9 &&' }],
    [
      'one fix outside is enough',
      { file: tracker, from: '< this.#rules.exitAfter) return true', to: '< 1) return true' },
    ],
    [
      'exits are never told',
      { file: tracker, from: "this.#report('exit', zone, fix.id, time, fix, {", to: "void ('', {" },
    ],
    [
      'dwelling is told again and again',
      { file: tracker, from: 'memberships.dwelled[at] = 1', to: 'memberships.dwelled[at] = 0' },
    ],
    [
      'dwelling counts from the last fix',
      { file: tracker, from: 'const due = memberships.since[at]! + dwell', to: 'const due = now + dwell' },
    ],
    [
      'an exit is dated by its second fix',
      {
        file: tracker,
        from: 'if (memberships.count[at]!++ === 0) memberships',
        to: 'if (memberships.count[at]!++ >= 0) memberships',
      },
    ],
    ['old fixes are taken', { file: tracker, from: 'if (fix.time <= before) return false', to: '' }],
    [
      'late fixes are not put in order',
      { file: 'fence/track/reorder-buffer.ts', from: 'held[at - 1]!.time > fix.time', to: 'false' },
    ],
    [
      'fixes do not wait',
      { file: 'fence/track/reorder-buffer.ts', from: 'held.at(-1)!.time - this.#lateness', to: 'Infinity' },
    ],
    [
      'a snapshot forgets since when',
      { file: 'fence/track/snapshot.ts', from: 'kind, memberships.since[at]!', to: 'kind, 0' },
    ],
    [
      'a snapshot forgets fixes outside',
      { file: 'fence/track/snapshot.ts', from: 'memberships.count[at] = count', to: 'memberships.count[at] = 0' },
    ],
    [
      'a snapshot forgets fixes that wait',
      {
        file: 'fence/create-fences.ts',
        from: 'for (const fix of held) takeOrHold(fix, events)',
        to: 'void held',
      },
    ],
    ['a replaced fence loses its objects', { file: tracker, from: 'zones.includes(successor)', to: 'false' }],
    ['crossings are not looked for', { file: tracker, from: 'if (passed.length === 0) return', to: 'return' }],
    ['a stay is counted twice', { file: tracker, from: 'if (hit >= 0 && stays) zones[hit] = -1', to: '' }],
  ])('would not go unnoticed: %s', async (_, mutation) => {
    const { createFences: broken } = await importMutant<typeof import('@exprsn/geo/fence')>('fence/index.ts', mutation)
    const noticed = seeds.some((seed) => {
      try {
        return simulateFences(seed, broken).violations.length > 0
      } catch {
        return true
      }
    })
    expect(noticed).toBe(true)
  })
})
