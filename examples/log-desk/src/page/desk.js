const element = (id) => document.getElementById(id)
const [query, span, follow, lines] = ['query', 'span', 'follow', 'lines'].map(element)
const facetFields = ['service', 'level', 'msg']
const mostShown = 500
let tail

const api = async (path, parameters = {}, options = {}) => {
  const response = await fetch(`/desk/api/${path}?${new URLSearchParams(parameters)}`, options)
  if (response.status === 204) return undefined
  const body = await response.json()
  if (!response.ok) throw new Error(body.detail ?? body.title)
  return body
}

// What was typed stands in parentheses: an OR in it must not escape the span of time.
const asked = () => `_time:${span.value} (${query.value.trim() || '*'})`
const buckets = { '15m': '15s', '1h': '1m', '1d': '30m', '7d': '3h' }

const search = async () => {
  element('problem').textContent = ''
  try {
    const [found, histogram] = await Promise.all([
      api('query', { q: asked(), limit: 200 }),
      api('query', { q: `${asked()} | stats count() by bucket(${buckets[span.value]})` }),
    ])
    lines.replaceChildren(...found.lines.map(lineItem))
    draw(histogram.rows)
    const { segments, segmentsSkipped, blocks, blocksSkipped } = found.costs
    element('costs').textContent =
      `${segments - segmentsSkipped} of ${segments} segments, ${blocks - blocksSkipped} of ${blocks} blocks read`
    element('export').href = `/desk/api/export?${new URLSearchParams({ q: asked() })}`
    await showFacets()
  } catch (error) {
    element('problem').textContent = error.message
  }
  listen()
}

const showFacets = async () => {
  const parameters = new URLSearchParams({ q: asked(), limit: 8 })
  for (const field of facetFields) parameters.append('field', field)
  const facets = await api('facets', parameters)
  element('facets').replaceChildren(
    ...Object.entries(facets).flatMap(([field, values]) => [
      made('h2', field),
      ...values.map(({ value, count }) => {
        const button = made('button', value.slice(0, 40), made('span', count))
        button.addEventListener('click', () => {
          query.value = `${query.value} ${field}:=${JSON.stringify(value)}`.trim()
          void search()
        })
        return button
      }),
    ]),
  )
}

const listen = () => {
  tail?.close()
  if (!follow.checked) return
  tail = new EventSource(`/desk/api/tail?${new URLSearchParams({ q: query.value.trim() || '*' })}`)
  tail.addEventListener('message', ({ data }) => {
    lines.prepend(lineItem(JSON.parse(data)))
    while (lines.children.length > mostShown) lines.lastChild.remove()
  })
}

const draw = (rows) => {
  const most = Math.max(1, ...rows.map(({ count }) => count))
  const now = Date.now()
  const length = { '15m': 9e5, '1h': 36e5, '1d': 864e5, '7d': 6048e5 }[span.value]
  const width = { '15m': 15e3, '1h': 6e4, '1d': 18e5, '7d': 108e5 }[span.value]
  element('histogram').replaceChildren(
    ...rows.map(({ time, count }) => {
      const bar = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
      const height = (count / most) * 76
      const values = { x: 600 - ((now - Date.parse(time)) / length) * 600, y: 80 - height, height }
      for (const [name, value] of Object.entries({ ...values, width: (width / length) * 600 - 0.5 })) {
        bar.setAttribute(name, String(value))
      }
      return bar
    }),
  )
}

const lineItem = ({ time, text }) => {
  const item = made('li', made('time', new Date(time).toISOString()), text)
  const [, level = '30'] = /"level":(\d+)/.exec(text) ?? []
  if (Number(level) >= 50) item.className = 'error'
  else if (Number(level) >= 40) item.className = 'warn'
  return item
}

/** Text is never taken for markup: lines say what anybody has sent. */
const made = (name, ...content) => {
  const node = document.createElement(name)
  node.append(...content.map((each) => (each instanceof Node ? each : String(each))))
  return node
}

const showSaved = async () => {
  const { items } = await api('saved')
  const searches = items.filter(({ kind }) => kind === 'search')
  element('saved').replaceChildren(
    ...searches.map(({ name, query: kept }) => {
      const button = made('button', name)
      button.addEventListener('click', () => {
        query.value = kept
        void search()
      })
      return button
    }),
  )
}

element('search').addEventListener('submit', (event) => {
  event.preventDefault()
  void search()
})
follow.addEventListener('change', listen)
const save = async () => {
  const name = prompt('Name of the search')
  if (!name) return
  const body = JSON.stringify({ query: query.value.trim() || '*' })
  // No form of another site can send this header.
  const headers = { 'x-exprsn-csrf': '1' }
  await api(`saved/search/${encodeURIComponent(name)}`, {}, { method: 'PUT', body, headers })
  await showSaved()
}

element('save').addEventListener('click', () => void save())
await showSaved()
await search()
