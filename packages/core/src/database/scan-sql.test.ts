import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { scanSql, type SqlDialect } from './scan-sql.ts'

function tokens(text: string, dialect: SqlDialect = 'postgres'): string[] {
  return scanSql(text, dialect)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, start, end }) => `${kind}:${text.slice(start, end)}`)
}

/** Pieces that must stay opaque, whatever they hold, and pieces of plain code. */
const inner = fc.string({
  unit: fc.constantFrom('$', '1', '2', "'", '"', ';', '-', '/', '*', 'a', ' ', '\n', '\\', '?', ']'),
})
const quoted = inner.map((text) => `'${text.replaceAll("'", "''")}'`)
const named = inner.map((text) => `"${text.replaceAll('"', '""')}"`)
const lineComment = inner.map((text) => `--${text.replaceAll('\n', ' ')}\n`)
const blockComment = inner.map((text) => `/*${text.replaceAll('*', '').replaceAll('/', '')}*/`)
const dollarQuoted = inner.map((text) => `$tag$${text}$tag$`)
const opaque = fc.oneof(quoted, named, lineComment, blockComment, dollarQuoted)

describe('scanSql', () => {
  it('covers the whole text without gaps, whatever the text', () => {
    const dialects = fc.constantFrom<SqlDialect>('sqlite', 'postgres')
    fc.assert(
      fc.property(fc.oneof(inner, fc.string({ unit: 'binary' })), dialects, (text, dialect) => {
        let at = 0
        for (const { start, end } of scanSql(text, dialect)) {
          expect(start).toBe(at)
          expect(end).toBeGreaterThan(start)
          at = end
        }
        expect(at).toBe(text.length)
      }),
      { numRuns: 400 },
    )
  })

  it('keeps every quoted, named and commented piece whole', () => {
    const dialects = fc.constantFrom<SqlDialect>('sqlite', 'postgres')
    fc.assert(
      fc.property(fc.array(opaque, { maxLength: 8 }), dialects, (pieces, dialect) => {
        const text = pieces.join(' , ')
        const found = new Set(scanSql(text, dialect).map(({ start, end }) => text.slice(start, end)))
        for (const piece of pieces) expect(found).toContain(piece.startsWith('--') ? piece.slice(0, -1) : piece)
      }),
      { numRuns: 400 },
    )
  })

  it('tells placeholders from names that hold a dollar', () => {
    expect(tokens('a$1 = $1 and $12')).toEqual([
      'word:a$1',
      'symbol:=',
      'placeholder:$1',
      'word:and',
      'placeholder:$12',
    ])
    expect(tokens('größe$2')).toEqual(['word:größe$2'])
    expect(tokens('$ $x')).toEqual(['symbol:$', 'symbol:$', 'word:x'])
  })

  it('knows dollar quotes with and without a tag', () => {
    expect(tokens('$$ $1 ; $$ $f$ $$ $f$')).toEqual(['text:$$ $1 ; $$', 'text:$f$ $$ $f$'])
  })

  it('knows PostgreSQL’s escape strings', () => {
    expect(tokens(String.raw`E'it\'s' $1`)).toEqual([String.raw`text:E'it\'s'`, 'placeholder:$1'])
    expect(tokens(String.raw`e'a''b' x`)).toEqual([`text:e'a''b'`, 'word:x'])
    expect(tokens(String.raw`'a\' x`)).toEqual([String.raw`text:'a\'`, 'word:x'])
    expect(tokens(String.raw`E'open\'`)).toEqual([String.raw`text:E'open\'`])
    expect(tokens(String.raw`E'a\' x`, 'sqlite')).toEqual(['word:E', String.raw`text:'a\'`, 'word:x'])
  })

  it('nests comments in PostgreSQL only', () => {
    expect(tokens('/* a /* b */ c */ d')).toEqual(['word:d'])
    expect(tokens('/* a /* b */ c', 'sqlite')).toEqual(['word:c'])
    expect(tokens('/* a /* b */ c')).toEqual([])
    expect(tokens('/* never closed', 'sqlite')).toEqual([])
  })

  it('knows SQLite’s other quotes for names', () => {
    expect(tokens('`a``b` [c $1 d]', 'sqlite')).toEqual(['name:`a``b`', 'name:[c $1 d]'])
    expect(tokens('x[1]')).toEqual(['word:x', 'symbol:[', 'word:1', 'symbol:]'])
  })

  it('lets an unterminated string reach to the end', () => {
    expect(tokens("'a $1")).toEqual(["text:'a $1"])
    expect(tokens('"a $1')).toEqual(['name:"a $1'])
    expect(tokens('$q$ a')).toEqual(['text:$q$ a'])
    expect(tokens('-- to the end')).toEqual([])
  })

  it('reads a megabyte of string in one go', () => {
    const text = `select '${"''x".repeat(300_000)}', $1`
    expect(scanSql(text, 'postgres').at(-1)).toEqual({ kind: 'placeholder', start: text.length - 2, end: text.length })
  })
})
