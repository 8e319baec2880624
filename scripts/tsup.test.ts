import { describe, expect, it } from 'vitest'
import { listPackages } from './lib/packages.ts'
import { entriesOf } from './tsup.ts'

describe('entriesOf', () => {
  it('takes the source of every subpath and skips plain files', () => {
    const exports = {
      '.': { '@exprsn/source': './src/index.ts', import: './dist/index.js' },
      './drivers/s3': { '@exprsn/source': './src/drivers/s3.ts' },
      './package.json': './package.json',
    }
    expect(entriesOf(exports)).toEqual({ index: 'src/index.ts', 'drivers/s3': 'src/drivers/s3.ts' })
  })

  it.each(listPackages().map(({ name, entryPoints }) => ({ name, entryPoints })))(
    'builds the files that the exports of $name promise',
    ({ entryPoints }) => {
      for (const { conditions } of entryPoints) {
        const [name] = Object.keys(entriesOf({ '.': conditions }))
        expect(conditions['module-sync']).toEqual({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` })
        expect(conditions.import).toEqual(conditions['module-sync'])
        expect(conditions.require).toEqual({ types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` })
      }
    },
  )
})
