import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHtml, htmlTokens, toFacets } from './index.ts'

describe('fromHtml', () => {
  it.for([
    ['paragraphs and headings', '<h1>T</h1><p>a  b\n c</p><p>d', 'T\n\na b c\n\nd'],
    ['breaks and rules', 'a<br>b<br/>c<hr>d', 'a\nb\nc\n\n———\n\nd'],
    ['lists', '<ul><li>x<li>y</ul><ol start=3><li>q</li><li>r</ol>', '• x\n• y\n\n3. q\n4. r'],
    ['lists in lists', '<ul><li>x<ul><li>y</ul><li>z</ul>', '• x\n  • y\n• z'],
    ['quotes', 'a<blockquote><p>q<br>r<p>s</blockquote>t', 'a\n\n> q\n> r\n>\n> s\n\nt'],
    ['code', '<pre><code>a\n  b\n\nc &lt;d&gt;</code></pre>e', 'a\n  b\n\nc <d>\n\ne'],
    ['tables', '<table><tr><th>a<th>b<tr><td>1<td>2</table>', 'a b\n1 2'],
    ['inline tags', '<b>a</b><i>b</i> <span>c</span>', 'ab c'],
    ['entities', '&lt;b&gt; &amp;amp; &#x1F44B; &nbsp;x', '<b> &amp; 👋 \u00a0x'],
    [
      'what is not shown',
      '<head><title>t</title></head><style>p{}</style>a<script>if (a<b) "</p>"</script><template>x</template><noscript>n</noscript>b<!-- <p>c -->d<svg><text>x</text></svg>',
      'abd',
    ],
    ['what is never closed', '<p>a<script>b', 'a'],
    ['a comment that is never closed', 'a<!-- b', 'a'],
    ['a tag that is never closed', 'a<b href="x', 'a'],
    ['what is no tag', 'a < b <3 <> </', 'a < b <3 <> </'],
  ] as const)('%s', ([, html, text]) => {
    expect(fromHtml(html).text).toBe(text)
  })

  it('keeps links to the web, whatever their attributes are written like', () => {
    const html = `<a href=https://example.com/a>a</a> <A CLASS='x' HREF='https://example.com/?a=1&amp;b=2'> b </A> <a href="https://example.com/c"><b>c</b> d`
    const { text, spans } = fromHtml(html)
    expect(spans.map((span) => [text.slice(span.start, span.end), span.kind === 'link' && span.uri])).toEqual([
      ['a', 'https://example.com/a'],
      ['b', 'https://example.com/?a=1&b=2'],
      ['c d', 'https://example.com/c'],
    ])
  })

  it('S14: lets no script through', () => {
    const hostile = [
      '<a href="javascript:alert(1)">x</a>',
      '<a href=" jAvaScript:alert(1)">x</a>',
      '<a href="&#106;avascript:alert(1)">x</a>',
      '<a href="data:text/html,<script>">x</a>',
      '<img src=x onerror=alert(1)>x',
      '<scr<script>ipt>alert(1)</script>x',
      '<SCRIPT>a</SCRIPT >x',
      '<iframe srcdoc="<script>">a</iframe>x',
    ]
    for (const html of hostile) expect(fromHtml(html).spans).toEqual([])
    expect(hostile.map((html) => fromHtml(html).text.replace('ipt>alert(1)', ''))).toEqual(hostile.map(() => 'x'))
  })

  it('gives pictures by themselves', () => {
    expect(fromHtml('<img src="https://example.com/i.png" alt="a &amp; b">x').images).toEqual([
      { source: 'https://example.com/i.png', alt: 'a & b' },
    ])
  })

  it('names of attributes are no way into prototypes', () => {
    const [tag] = htmlTokens('<p __proto__=x constructor=y>')
    expect(tag?.kind === 'open' && [...tag.attributes.keys()]).toEqual(['__proto__', 'constructor'])
  })

  const pieces = [
    '<',
    '>',
    '</',
    '<p>',
    '<li>',
    '</li>',
    '<ul>',
    '</ul>',
    '<ol start=-1>',
    '<pre>',
    '</pre>',
    '<blockquote>',
    '</blockquote>',
    '<a href="https://e.com/x">',
    '</a>',
    '<!--',
    '-->',
    '<script>',
    '</script>',
    '"',
    "'",
    '=',
    '&amp;',
    '&#0;',
    ' ',
    '\n',
    'word',
    '#tag',
    '👩‍👧',
    '\ud800',
    '<br>',
    '<title>',
    '<td>',
  ]

  it('anything gives spans in order and in bounds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 60 }),
        (parts) => {
          const made = fromHtml(parts.join(''))
          for (const { index } of toFacets(made))
            expect(index.byteEnd).toBeLessThanOrEqual(Buffer.byteLength(made.text))
          expect(made.text).toBe(made.text.trimEnd())
        },
      ),
      { numRuns: 400 },
    )
  })
})

// The work is counted, not the time: characters that are read by way of a text that counts would be another library's doing.
describe('hostile documents', () => {
  it.for([
    '[a](b',
    '*a_',
    '<',
    '![',
    '> ',
    '- ',
    '1. ',
    '[a][b]',
    '<a href="',
    '[a](b "c',
    '<!--',
    '``a`',
    '<ul><li>',
    '<blockquote>',
    '**a',
    '[x](http://a.b) ',
  ])('S10: 256 kB of %s come to an end', (piece) => {
    const text = piece.repeat(Math.floor(262_144 / piece.length))
    expect(fromHtml(text).text.length).toBeLessThan(4 * 262_144)
  })
})
