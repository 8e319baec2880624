import { describe, expect, it } from 'vitest'
import { createFences, createFenceTenants, type FenceSnapshot, type Fences } from './index.ts'

const depot = {
  type: 'Feature',
  id: 'depot',
  geometry: { type: 'Point', coordinates: [0, 0] },
  properties: { radius: 500 },
} as const

/** Tenants whose objects are kept in a map while they are away. */
function world(most: number) {
  const kept = new Map<string, FenceSnapshot>()
  const opened: string[] = []
  let failing = false
  const tenants = createFenceTenants({
    most,
    async open(tenant) {
      opened.push(tenant)
      await Promise.resolve()
      const fences = createFences({ features: [depot] })
      const snapshot = kept.get(tenant)
      if (snapshot !== undefined) fences.restore(snapshot)
      return fences
    },
    async onPutAway(tenant, fences) {
      await Promise.resolve()
      if (failing) throw new Error('the store is away')
      kept.set(tenant, fences.snapshot())
    },
  })
  return { tenants, kept, opened, fail: (value: boolean) => (failing = value) }
}
const arrive = (fences: Fences, time: number) => fences.update({ id: 'van', position: [0, 0], time })

describe('tenants', () => {
  it('are apart, and opened once however many ask at once', async () => {
    const { tenants, opened } = world(10)
    const events = await Promise.all([
      tenants.use('a', (fences) => arrive(fences, 1)),
      tenants.use('a', (fences) => arrive(fences, 2)),
      tenants.use('b', (fences) => arrive(fences, 1)),
    ])
    expect(events.map(({ length }) => length)).toEqual([1, 0, 1])
    expect(opened).toEqual(['a', 'b'])
  })

  it('are put away when there are too many, the one unused for longest first, and come back as they were', async () => {
    const { tenants, kept, opened } = world(2)
    for (const tenant of ['a', 'b', 'a', 'c']) await tenants.use(tenant, (fences) => arrive(fences, 1))
    expect([...kept.keys()]).toEqual(['b'])
    expect(tenants.size).toBe(2)
    expect(await tenants.use('b', (fences) => fences.fencesOf('van'))).toEqual(['depot'])
    expect(opened).toEqual(['a', 'b', 'c', 'b'])
  })

  it('are not put away while somebody works with them', async () => {
    const { tenants, kept } = world(1)
    let finish = (): void => {}
    const busy = tenants.use('a', async (fences) => {
      arrive(fences, 1)
      await new Promise<void>((resolve) => (finish = resolve))
      return fences.fencesOf('van')
    })
    await tenants.use('b', () => {})
    expect([...kept.keys()]).toEqual(['b'])
    const leaving = tenants.putAway('a')
    expect(kept.has('a')).toBe(false)
    finish()
    expect(await busy).toEqual(['depot'])
    await leaving
    expect(kept.get('a')!.objects).toHaveLength(1)
    await tenants.putAway('nobody')
  })

  it('stay when they could not be kept, and lose nothing', async () => {
    const { tenants, fail } = world(5)
    await tenants.use('a', (fences) => arrive(fences, 1))
    fail(true)
    await expect(tenants.putAway('a')).rejects.toThrow('the store is away')
    expect(await tenants.use('a', (fences) => fences.fencesOf('van'))).toEqual(['depot'])
    fail(false)
    await tenants.close()
    expect(tenants.size).toBe(0)
  })

  it('that cannot be kept do not disturb who uses another', async () => {
    const { tenants, fail } = world(1)
    await tenants.use('a', (fences) => arrive(fences, 1))
    fail(true)
    expect(await tenants.use('b', () => 'fine')).toBe('fine')
    expect(tenants.size).toBe(2)
  })

  it('that cannot be opened are tried again at the next use', async () => {
    let tries = 0
    const tenants = createFenceTenants({
      open: () => {
        if (++tries === 1) throw new Error('not yet')
        return createFences()
      },
    })
    await expect(tenants.use('a', () => 1)).rejects.toThrow('not yet')
    expect(await tenants.use('a', () => 1)).toBe(1)
    expect(() => createFenceTenants({ open: () => createFences(), most: 0 })).toThrow(
      expect.objectContaining({ code: 'GEO_FENCE_OPTION_INVALID' }),
    )
  })
})
