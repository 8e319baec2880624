import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromMarkdown, misleadingLinks, toFacets } from './index.ts'

const textOf = (markdown: string): string => fromMarkdown(markdown).text
const linksOf = (markdown: string): [string, string][] => {
  const { text, spans } = fromMarkdown(markdown)
  return spans.flatMap((span) => (span.kind === 'link' ? [[text.slice(span.start, span.end), span.uri]] : []))
}

describe('fromMarkdown', () => {
  it.for([
    [
      'headings and emphasis are their words',
      '# Title *em*\n\n**Bold** and __it__ ~~gone~~',
      'Title em\n\nBold and it gone',
    ],
    ['headings that are underlined', 'Title\n===\n\nOther\n---\ntext', 'Title\n\nOther\n\ntext'],
    ['headings with marks at their end', '## Two ##\n### C#', 'Two\n\nC#'],
    ['lines of a paragraph are one', 'one\ntwo\nthree', 'one two three'],
    ['hard breaks stay', 'one  \ntwo\\\nthree', 'one\ntwo\nthree'],
    ['marks within words stay', 'snake_case_word and 5 * 3 * 2', 'snake_case_word and 5 * 3 * 2'],
    ['marks without a partner stay', '**open and _other', '**open and _other'],
    ['marks of emphasis within one another', '***all*** *a **b** c*', 'all a b c'],
    ['what is escaped stays', '\\*no\\* \\[no\\] \\\\ 1\\. x', '*no* [no] \\ 1. x'],
    ['entities', '&copy; &amp; &#233; &eacute; &unknown; &#0;', '© & é é &unknown; \ufffd'],
    ['bullets', '- a\n- b\n\n* c', '• a\n• b\n\n• c'],
    ['numbers', '3. c\n4. d\n1) other', '3. c\n4. d\n\n1. other'],
    ['lists in lists', '- a\n  - b\n    1. c\n- d', '• a\n  • b\n    1. c\n• d'],
    ['items of several lines', '1. one\n   more\n2. two\n\n   paragraph', '1. one more\n2. two\n\n   paragraph'],
    ['quotes', '> a\n> b\n>\n> c\n\nd', '> a b\n>\n> c\n\nd'],
    ['quotes in quotes, and lists in them', '> a\n> > b\n>\n> - c', '> a\n>\n> > b\n>\n> • c'],
    ['a quote that goes on without its mark', '> a\nb', '> a b'],
    ['code keeps its lines', 'x\n\n```ts\nif (a) {\n  b\n\n}\n```\ny', 'x\n\nif (a) {\n  b\n\n}\n\ny'],
    ['code that is never closed', '```\na *b*', 'a *b*'],
    ['indented code', 'x\n\n    a *b*\n      c\n\ny', 'x\n\na *b*\n  c\n\ny'],
    ['code within a line', 'use `a *b* [c](d)` and `` x ` y ``', 'use a *b* [c](d) and x ` y'],
    ['a rule', 'a\n\n* * *\n\nb', 'a\n\n———\n\nb'],
    ['tables', '| a | b |\n|---|:-:|\n| 1 | **2** |\n\nx', 'a | b\n1 | 2\n\nx'],
    ['HTML', 'a<br>b <b>c</b> <!-- d -->e\n\n<div>f<script>alert(1)</script></div>\n\ng', 'a\nb c e\n\nf\n\ng'],
    ['a script over empty lines', '<script>\n\nalert(1)\n\n</script>\n\nx', 'x'],
    ['what is no HTML', 'a < b and c > d', 'a < b and c > d'],
    ['nothing', ' \n\n\t\n', ''],
  ] as const)('%s', ([, markdown, text]) => {
    expect(textOf(markdown)).toBe(text)
  })

  it('keeps links as spans: of all kinds, and with what their text has', () => {
    expect(
      linksOf(
        '[a **b**](https://example.com/x "title") [c][r] [R][] [r] <https://example.com/auto> example.com\n\n[r]: https://example.com/r',
      ),
    ).toEqual([
      ['a b', 'https://example.com/x'],
      ['c', 'https://example.com/r'],
      ['R', 'https://example.com/r'],
      ['r', 'https://example.com/r'],
      ['https://example.com/auto', 'https://example.com/auto'],
      ['example.com', 'https://example.com'],
    ])
    expect(linksOf('[a](https://example.com/x_(y)) [b](<https://example.com/a b>) [](https://example.com/e)')).toEqual([
      ['a', 'https://example.com/x_(y)'],
      ['b', 'https://example.com/a%20b'],
      ['https://example.com/e', 'https://example.com/e'],
    ])
    expect(linksOf('[a [b](https://example.com/i) c](https://example.com/o)').length).toBe(1)
  })

  it('takes no link that does not lead to the web, and keeps its text', () => {
    const hostile =
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](/local) [d](mailto:a@example.com) [e](JAVASCRIPT:x)'
    expect(fromMarkdown(hostile)).toMatchObject({ text: 'a b c d e', spans: [] })
  })

  it('finds mentions and tags outside of code, and in links neither', () => {
    const { spans } = fromMarkdown(
      '@alice.test #tag `@bob.test #no` [#x @c.test](https://example.com)\n\n    example.com #no',
    )
    expect(spans.map(({ kind }) => kind)).toEqual(['mention', 'tag', 'link'])
  })

  it('gives pictures by themselves, with their texts', () => {
    expect(
      fromMarkdown('a ![the *alt* text](https://example.com/i.png "t") b ![x][r]\n\n[r]: https://example.com/r.png'),
    ).toMatchObject({
      text: 'a b',
      images: [
        { source: 'https://example.com/i.png', alt: 'the alt text' },
        { source: 'https://example.com/r.png', alt: 'x' },
      ],
    })
  })

  it('S10: tells links that show another place than they lead to', () => {
    const shown = ['bank.example', 'www.evil.example', 'evil.example/path', 'click', 'ban\u200bk', '\u202eelpmaxe']
    const misleading = shown.filter(
      (text) => misleadingLinks(fromMarkdown(`[${text}](https://evil.example/x)`)).length > 0,
    )
    expect(misleading).toEqual(['ban\u200bk', '\u202eelpmaxe'])
    expect(misleadingLinks(fromMarkdown('[bank.com](https://evil.example)')).length).toBe(1)
    expect(misleadingLinks(fromMarkdown('[www.bank.com/x](https://bank.com)'))).toEqual([])
  })

  it('refuses what is too long', () => {
    expect(() => fromMarkdown('x'.repeat(11), { maxLength: 10 })).toThrow('longer than the 10 bytes')
  })

  const pieces = [
    '*',
    '_',
    '`',
    '``',
    '[',
    ']',
    '(',
    ')',
    '](',
    '![',
    '<',
    '>',
    '> ',
    '- ',
    '1. ',
    '\n',
    '\n\n',
    '    ',
    '\t',
    '# ',
    '|',
    '---',
    '~~',
    '\\',
    '&amp;',
    '<a href="https://e.com">',
    '</a>',
    '<b>',
    '<!--',
    '-->',
    'word',
    'https://example.com',
    '@a.test',
    '#t',
    '👩‍👩‍👧',
    '\u202e',
    '\ud800',
    '[r]: https://e.com/r\n',
    '```',
    '<li>',
    '<ul>',
    '</ul>',
    '<pre>',
    '<script>',
  ]

  it('anything gives spans in order and in bounds, and no tag of HTML that was one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 60 }),
        (parts) => {
          const made = fromMarkdown(parts.join(''))
          const bytes = Buffer.byteLength(made.text)
          for (const { index } of toFacets(made))
            expect(index.byteStart < index.byteEnd && index.byteEnd <= bytes).toBe(true)
          expect(made.text).toBe(made.text.trimEnd())
          expect(made.text).not.toMatch(/\r/)
        },
      ),
      { numRuns: 400 },
    )
  })
})
