const letters = 6

/**
 * Sorts by identifier, as `<` compares. Identifiers begin alike, and comparing walks over that again and again: here six letters
 * behind it are compared as one number (a third of the time for 100,000 items). Equal ones stay in their order.
 */
export function sortItems<Each extends { readonly id: string }>(items: readonly Each[]): Each[] {
  if (isSorted(items)) return [...items]
  // Those with the same first two letters, which sides and gateways rarely share, come after each other anyway.
  const groups = new Map<string, Each[]>()
  for (const item of items) {
    const beginning = item.id.slice(0, 2)
    const group = groups.get(beginning)
    if (group === undefined) groups.set(beginning, [item])
    else group.push(item)
  }
  const beginnings = [...groups.keys()].toSorted((a, b) => (a < b ? -1 : 1))
  return beginnings.flatMap((beginning) => sortAlike(groups.get(beginning)!))
}

function isSorted(items: readonly { readonly id: string }[]): boolean {
  for (let at = 1; at < items.length; at++) if (items[at]!.id < items[at - 1]!.id) return false
  return true
}

function sortAlike<Each extends { readonly id: string }>(items: readonly Each[]): Each[] {
  const from = commonLength(items)
  const numbers = new Float64Array(items.length)
  const order = new Uint32Array(items.length)
  for (let at = 0; at < items.length; at++) {
    order[at] = at
    numbers[at] = numberAt(items[at]!.id, from)
  }
  order.sort((a, b) => {
    const difference = numbers[a]! - numbers[b]!
    if (difference !== 0) return difference
    const [one, other] = [items[a]!.id, items[b]!.id]
    return one < other ? -1 : one > other ? 1 : a - b
  })
  return Array.from(order, (at) => items[at]!)
}

/** How many letters all of them begin with. */
function commonLength(items: readonly { readonly id: string }[]): number {
  const first = items[0]!.id
  let common = first.length
  for (const { id } of items) {
    let at = 0
    while (at < common && id.charCodeAt(at) === first.charCodeAt(at)) at++
    common = at
  }
  return common
}

/** Six letters as a number that orders as they do. One beyond Latin-1 hides what stands behind it. */
function numberAt(id: string, from: number): number {
  let number = 0
  let isHidden = false
  for (let at = from; at < from + letters; at++) {
    const code = at < id.length && !isHidden ? id.charCodeAt(at) + 1 : 0
    if (code > 254) isHidden = true
    number = number * 256 + Math.min(code, 255)
  }
  return number
}
