import { describe, expect, it } from 'vitest'
import { buildFilter, filterBits, filterLine, filterLineBytes, isInFilter } from './token-filter.ts'
import { tokenHash } from './token-hash.ts'

function filterOf(singles: readonly Uint32Array[]) {
  const building = buildFilter(singles)
  for (;;) {
    const step = building.next()
    if (step.done === true) return step.value
  }
}

describe('a filter of tokens', () => {
  it('claims less than one of three hundred tokens that are not there', () => {
    const singles = [0, 1, 2].map((block) =>
      Uint32Array.from({ length: 6_000 }, (_, index) => tokenHash(`id${block}x${index}`)),
    )
    const { bytes, lines } = filterOf(singles)
    let claimed = 0
    for (let index = 0; index < 60_000; index++) {
      const hash = tokenHash(`absent${index}`)
      const at = (filterLine(hash, lines) * singles.length + (index % 3)) * filterLineBytes
      if (isInFilter(bytes, at, filterBits(hash))) claimed++
    }
    expect(claimed).toBeGreaterThan(0)
    expect(claimed).toBeLessThan(60_000 / 300)
  })
})
