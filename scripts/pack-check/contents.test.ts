import { describe, expect, it } from 'vitest'
import { contentProblems, exportedFiles } from './contents.ts'

const rootExport = {
  '@exprsn/source': './src/index.ts',
  'module-sync': { types: './dist/index.d.ts', default: './dist/index.js' },
  import: { types: './dist/index.d.ts', default: './dist/index.js' },
  require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
}
const goodManifest = {
  name: '@exprsn/sample',
  version: '1.0.0',
  sideEffects: false,
  main: './dist/index.cjs',
  exports: { '.': rootExport, './package.json': './package.json' },
  dependencies: { '@exprsn/core': '^1.0.0' },
}
const goodFiles = [
  ...['package.json', 'README.md', 'LICENSE', 'src/index.ts', 'src/area/schema.sql'],
  ...['dist/index.js', 'dist/index.cjs', 'dist/index.d.ts', 'dist/index.d.cts', 'dist/index.js.map'],
]

interface Changes {
  readonly manifest?: object
  readonly without?: readonly string[]
  readonly extra?: readonly string[]
}

function tarball({ manifest = {}, without = [], extra = [] }: Changes = {}) {
  const paths = [...goodFiles, ...extra].filter((path) => !without.includes(path))
  const bytes = Buffer.from(JSON.stringify({ ...goodManifest, ...manifest }))
  return new Map(paths.map((path) => [path, path === 'package.json' ? bytes : Buffer.from('')]))
}

describe('contentProblems', () => {
  it('finds nothing in a complete tarball', () => {
    expect(contentProblems(tarball())).toEqual([])
  })

  it.each(goodFiles.filter((path) => !/sql|map|package\.json/.test(path)))('misses %s', (path) => {
    expect(contentProblems(tarball({ without: [path] }))).toEqual([`${path} is missing`])
  })

  it('misses the manifest', () => {
    expect(contentProblems(tarball({ without: ['package.json'] }))).toEqual(['package.json is missing'])
  })

  it.each([
    'src/area/one.test.ts',
    'src/area/fixtures/answer.json',
    'dist/notes.txt',
    'tsup.config.ts',
    'test/a.ts',
    '.env',
  ])('reports the stray file %s', (path) => {
    expect(contentProblems(tarball({ extra: [path] }))).toEqual([`${path} does not belong into the tarball`])
  })

  it.each(['workspace:^', 'catalog:', 'link:../core', 'file:../core'])('reports the range %s', (range) => {
    const [problem, ...more] = contentProblems(tarball({ manifest: { dependencies: { '@exprsn/core': range } } }))
    expect(problem).toContain(range)
    expect(more).toEqual([])
  })

  it('reports conditions in another order', () => {
    const { import: forImport, ...others } = rootExport
    const manifest = { exports: { '.': { import: forImport, ...others } } }
    expect(contentProblems(tarball({ manifest }))).toEqual([expect.stringContaining('exports["."]')])
  })

  it('reports a package that claims side effects', () => {
    expect(contentProblems(tarball({ manifest: { sideEffects: true } }))).toEqual(['sideEffects is not false'])
  })
})

describe('exportedFiles', () => {
  it('walks nested conditions', () => {
    expect(exportedFiles({ '.': rootExport })).toHaveLength(7)
    expect(exportedFiles({ './package.json': './package.json' })).toEqual(['./package.json'])
  })
})
