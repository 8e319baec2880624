import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFences, type Fences } from './create-fences.ts'
import type { FenceFeature } from './feature.ts'
import type { FenceEvent } from './fence-event.ts'

const start = Date.UTC(2026, 0, 5, 8)
/** Some 11 m on the equator. */
const step = 0.0001

function circle(id: string, radius: number, centre: [number, number] = [0, 0], more: object = {}): FenceFeature {
  return { type: 'Feature', id, geometry: { type: 'Point', coordinates: centre }, properties: { radius, ...more } }
}

function box(id: string, x0: number, y0: number, x1: number, y1: number): FenceFeature {
  const ring = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
    [x0, y0],
  ] as [number, number][]
  return { type: 'Feature', id, geometry: { type: 'Polygon', coordinates: [ring] } }
}

/** Drives along the equator, a fix a second, and names what happens. */
function drive(fences: Fences, xs: readonly number[], from = 0): string[] {
  const events = fences.updateAll(
    xs.map((x, second) => ({ id: 'van', position: [x * step, 0] as const, time: start + (from + second) * 1_000 })),
  )
  return events.map(told)
}

function told({ type, fence, time, reason }: FenceEvent): string {
  return `${type} ${fence} at ${(time.getTime() - start) / 1_000}${reason === undefined ? '' : ` (${reason})`}`
}

describe('geofences', () => {
  it('tell entering and leaving once each, with the time of the first fix that showed it', () => {
    const fences = createFences({ features: [circle('depot', 50)] })
    const events = fences.updateAll(
      [-9, 0, 1, 9, 12].map((x, second) => ({ id: 'van', position: [x * step, 0], time: start + second * 1_000 })),
    )
    expect(events).toEqual([
      expect.objectContaining({ type: 'enter', fence: 'depot', object: 'van', time: new Date(start + 1_000) }),
      expect.objectContaining({
        ...{ type: 'exit', time: new Date(start + 3_000), confirmed: new Date(start + 4_000), duration: 2_000 },
        position: [12 * step, 0],
      }),
    ])
    expect(fences.fencesOf('van')).toEqual([])
  })

  it('wait for as many fixes as they are told to', () => {
    const fences = createFences({ features: [circle('depot', 50)], enterAfter: 3, exitAfter: 3 })
    expect(drive(fences, [0, 0, 9, 0, 0, 0, 9, 9, 0, 9, 9, 9])).toEqual(['enter depot at 3', 'exit depot at 9'])
  })

  it('leave things as they are within the margin and within the accuracy of a fix', () => {
    const fences = createFences({ features: [circle('depot', 100)], margin: 20, exitAfter: 1 })
    // The border is at 9 steps: 8 and 10 are nearer to it than 20 m.
    expect(drive(fences, [20, 8, 10, 8, 5, 8, 10, 8, 10, 14])).toEqual(['enter depot at 4', 'exit depot at 9'])
    const vague = { id: 'bike', position: [5 * step, 0] as const, accuracy: 80 }
    expect(fences.update({ ...vague, time: start })).toEqual([])
    expect(fences.update({ ...vague, time: start + 1, accuracy: 20 }).map(told)).toEqual(['enter depot at 0.001'])
  })

  it('tell dwelling once per stay: by a fix, by time passing, and by a late exit', () => {
    const fences = createFences({ features: [circle('depot', 50)], dwell: '3s', exitAfter: 1 })
    expect(drive(fences, [0, 1, 2, 3, 2, 1])).toEqual(['enter depot at 0', 'dwell depot at 3'])
    expect(drive(fences, [20, 0], 10)).toEqual(['exit depot at 10', 'enter depot at 11'])
    expect(fences.advance(start + 13_900)).toEqual([])
    expect(fences.advance(new Date(start + 14_000)).map(told)).toEqual(['dwell depot at 14'])
    expect(fences.advance(start + 20_000)).toEqual([])
    expect(drive(fences, [20, 0], 30)).toEqual(['exit depot at 30', 'enter depot at 31'])
    expect(drive(fences, [20], 40)).toEqual(['dwell depot at 34', 'exit depot at 40'])
  })

  it('tell an approach once per coming near, and none when leaving', () => {
    const fences = createFences({ features: [circle('depot', 50, [0, 0], { approach: 100 })], exitAfter: 1 })
    expect(drive(fences, [-30, -10, -9, 0, 10, 30, 10, 30])).toEqual([
      ...['approach depot at 1', 'enter depot at 3', 'exit depot at 4', 'approach depot at 6'],
    ])
    expect(drive(createFences({ features: [box('yard', -step, -step, step, step)], approach: 60 }), [-5, 0])).toEqual([
      ...['approach yard at 0', 'enter yard at 1'],
    ])
  })

  it('tell a way through that no fix shows, unless too much time lies between', () => {
    const options = {
      features: [circle('bridge', 30), circle('far', 30, [0, 1])],
      cross: true,
      longestGap: '10s',
    } as const
    expect(drive(createFences(options), [-9, 9])).toEqual(['cross bridge at 1'])
    expect(drive(createFences(options), [-9, 0, 9, 20])).toEqual(['enter bridge at 1', 'exit bridge at 2'])
    const fences = createFences(options)
    drive(fences, [-9])
    expect(drive(fences, [9], 11)).toEqual([])
    const jump = createFences({ features: [box('line', 179.99, -1, 180, 1)], cross: true })
    jump.update({ id: 'ship', position: [179.9, 0], time: start })
    expect(jump.update({ id: 'ship', position: [-179.9, 0], time: start + 1 }).map(told)).toEqual([
      'cross line at 0.001',
    ])
  })

  it('leave out what is late or double, and put in order what is not too late', () => {
    const fences = createFences({ features: [circle('depot', 50)], exitAfter: 1 })
    expect(drive(fences, [0])).toEqual(['enter depot at 0'])
    expect(drive(fences, [20])).toEqual([])
    expect(fences.statistics().late).toBe(1)
    const patient = createFences({ features: [circle('depot', 50)], exitAfter: 1, lateness: '5s' })
    const fix = (x: number, second: number) => ({
      id: 'van',
      position: [x * step, 0] as const,
      time: start + second * 1_000,
    })
    expect(patient.updateAll([fix(20, 0), fix(20, 4), fix(0, 2), fix(0, 2), fix(20, 6)])).toEqual([])
    expect(patient.update(fix(20, 8)).map(told)).toEqual(['enter depot at 2'])
    expect(patient.advance(start + 20_000).map(told)).toEqual(['exit depot at 4'])
    expect(patient.statistics().late).toBe(1)
  })

  it('forget who was not heard of, after telling that it left', () => {
    const fences = createFences({ features: [circle('depot', 50)], timeToLive: '1m' })
    drive(fences, [0, 1])
    expect(fences.advance(start + 60_000)).toEqual([])
    expect(fences.advance(start + 61_001).map(told)).toEqual(['exit depot at 1 (lost)'])
    expect(fences.statistics().objects).toBe(0)
    drive(fences, [0], 100)
    fences.forget('van')
    expect(fences.fencesOf('van')).toEqual([])
  })

  it('can be changed while objects are inside', () => {
    const fences = createFences({ features: [circle('depot', 50), circle('city', 5_000)] })
    drive(fences, [3])
    expect(fences.put(circle('depot', 60)).map(told)).toEqual([])
    expect(fences.fencesOf('van').toSorted()).toEqual(['city', 'depot'])
    expect(fences.put(circle('depot', 20)).map(told)).toEqual(['exit depot at 0 (changed)'])
    expect(fences.remove('city').map(told)).toEqual(['exit city at 0 (removed)'])
    expect(fences.remove('city')).toEqual([])
    expect(fences.put(circle('new', 100))).toEqual([])
    expect(drive(fences, [3], 1)).toEqual(['enter new at 1'])
    expect(fences.features().map(({ id }) => id)).toEqual(['depot', 'new'])
    for (let number = 0; number < 200; number++) fences.put(circle(`more ${number}`, 10, [number / 100, 1]))
    expect(fences.locate([1.5, 1])).toEqual(['more 150'])
    expect(fences.locate([3 * step, 0])).toEqual(['new'])
  })

  it('go on from a snapshot as if nothing had been', () => {
    const features = [
      circle('depot', 50, [0, 0], { approach: 80 }),
      circle('city', 900),
      box('yard', -step, -step, step, step),
    ]
    const options = { features, dwell: '4s', enterAfter: 2 } as const
    const way = fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(way, fc.nat(), (xs, cut) => {
        const whole = drive(createFences(options), xs)
        const at = cut % xs.length
        const first = createFences(options)
        const before = drive(first, xs.slice(0, at))
        const second = createFences(options)
        expect(second.restore(JSON.parse(JSON.stringify(first.snapshot())))).toEqual([])
        expect(second.snapshot()).toEqual(first.snapshot())
        expect([...before, ...drive(second, xs.slice(at), at)]).toEqual(whole)
      }),
      { numRuns: 200 },
    )
  })

  it('tell of a restored object that its fence is gone', () => {
    const fences = createFences({ features: [circle('depot', 50)] })
    drive(fences, [0])
    const state = fences.snapshot()
    expect(
      createFences({ features: [circle('other', 50)] })
        .restore(state)
        .map(told),
    ).toEqual(['exit depot at 0 (removed)'])
    expect(() => fences.restore(state)).toThrow(expect.objectContaining({ code: 'GEO_FENCE_STATE_INVALID' }))
  })

  it.each([
    [null, 'version 1'],
    [{ version: 2, objects: [] }, 'version 1'],
    [{ version: 1, objects: [['van', 0, 0]] }, 'objects[0] has no position and time'],
    [{ version: 1, objects: [[7, 0, 0, 0, []]] }, 'objects[0] has no id'],
    [{ version: 1, objects: [['van', 0, 0, 0, [['depot', 'somewhere', 0, 0, 0, 0]]]] }, 'valid memberships'],
  ])('refuse the snapshot %j', (state, reason) => {
    expect(() => createFences().restore(state as never)).toThrow(reason)
  })

  it('take fixes as they come', async () => {
    async function* fixes() {
      for (const x of [-9, 0, 9, 9]) yield { id: 'van', position: [x * step, 0] as const, time: start + x + 100 }
      yield { id: 'van', position: [9 * step, 0] as const, time: start + 200 }
    }
    const types: string[] = []
    for await (const { type } of createFences({ features: [circle('depot', 50)] }).watch(fixes())) types.push(type)
    expect(types).toEqual(['enter', 'exit'])
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(createFences().watch(fixes(), { signal })[Symbol.asyncIterator]().next()).rejects.toThrow('enough')
  })

  it('keep circles of the same centre apart', () => {
    const fences = createFences({
      features: [circle('inner', 30), circle('middle', 60), circle('outer', 90)],
      exitAfter: 1,
    })
    expect(drive(fences, [-20, -7, -4, 0, 4, 7, 20])).toEqual([
      ...['enter outer at 1', 'enter middle at 2', 'enter inner at 3'],
      ...['exit inner at 4', 'exit middle at 5', 'exit outer at 6'],
    ])
  })

  it.each([
    [{ id: 'van', position: [0, 100], time: 0 }, 'the latitude is 100'],
    [{ id: 'van', position: [Number.NaN, 0], time: 0 }, 'the longitude is NaN'],
    [{ id: 'van', position: undefined, time: 0 }, 'its position is not a list'],
    [{ id: '', position: [0, 0], time: 0 }, 'its id is not a text'],
    [{ id: 'van', position: [0, 0], time: 'noon' }, 'its time is noon'],
    [{ id: 'van', position: [0, 0], time: 0, accuracy: -1 }, 'its accuracy is -1'],
  ])('refuse the fix %j', (fix, reason) => {
    expect(() => createFences().update(fix as never)).toThrow(
      expect.objectContaining({ code: 'GEO_FIX_INVALID', message: expect.stringContaining(reason) }),
    )
  })

  it.each([
    [{ edges: 'round' }, 'edges'],
    [{ boundary: 'both' }, 'boundary'],
    [{ enterAfter: 0 }, 'enterAfter'],
    [{ exitAfter: 1.5 }, 'exitAfter'],
    [{ margin: -1 }, 'margin'],
    [{ approach: Infinity }, 'approach'],
  ])('refuse the option %j', (options, name) => {
    expect(() => createFences(options as never)).toThrow(
      expect.objectContaining({ code: 'GEO_FENCE_OPTION_INVALID', message: expect.stringContaining(name) }),
    )
  })
})
