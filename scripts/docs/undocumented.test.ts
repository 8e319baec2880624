import { describe, expect, it } from 'vitest'
import { undocumented, type Reflection } from './undocumented.ts'

const comment = { summary: [] }

function project(...children: Reflection[]): Reflection {
  return { name: 'project', kind: 1, children: [{ name: '@exprsn/core', kind: 4, children }] }
}

describe('undocumented', () => {
  it('names functions without a docstring, on any of their signatures', () => {
    const documented = { name: 'sleep', kind: 4096, comment }
    const bare = { name: 'sleep', kind: 4096 }
    const fine = { name: 'fine', kind: 64, signatures: [documented] }
    const half = { name: 'sleep', kind: 64, signatures: [documented, bare] }
    expect(undocumented(project(fine, half))).toEqual(['@exprsn/core.sleep'])
  })

  it('names options without a docstring on their field, and only those of options', () => {
    const fields: Reflection[] = [
      { name: 'attempts', kind: 1024, comment },
      { name: 'delay', kind: 1024 },
      { name: 'signal', kind: 1024, inheritedFrom: {} },
      {
        name: 'onRetry',
        kind: 1024,
        type: {
          type: 'reflection',
          declaration: { name: '__type', kind: 65536, signatures: [{ name: '__type', kind: 4096, comment }] },
        },
      },
      { name: 'log', kind: 2048, signatures: [{ name: 'log', kind: 4096 }] },
    ]
    const options = { name: 'RetryOptions', kind: 256, comment, children: fields }
    const plain = { name: 'Clock', kind: 256, comment, children: fields }
    expect(undocumented(project(options, plain))).toEqual([
      '@exprsn/core.RetryOptions.delay',
      '@exprsn/core.RetryOptions.log',
    ])
  })
})
