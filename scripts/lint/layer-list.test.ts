import { describe, expect, it } from 'vitest'
import { listPackagesWithAreas } from './listed-areas.ts'
import { parseLayerList } from './layer-list.ts'

describe('parseLayerList', () => {
  it('reads the first list below "## Inside", over several lines, with or without backticks', () => {
    const readme =
      '# X\n\na → z\n\n## Inside\n\nIn order:\n\n```text\nerrors → `clock`\n  → disk\n```\n\nb → c\n\n## Next\n'
    expect(parseLayerList(readme)).toEqual(['errors', 'clock', 'disk'])
  })

  it('finds no list in another section or in a longer heading', () => {
    expect(parseLayerList('## Inside\n\nNothing.\n\n## Next\n\na → b\n')).toBeUndefined()
    expect(parseLayerList('## Inside out\n\na → b\n')).toBeUndefined()
  })
})

describe('the READMEs of this repository', () => {
  it.each(listPackagesWithAreas())('$readme names every area of src once, and nothing else', ({ listed, areas }) => {
    expect([...listed].sort()).toEqual([...areas].sort())
  })
})
