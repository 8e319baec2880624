/** Rearranges nodes so that the `count` with the least keys come first (quickselect, Hoare 1961). */
export function selectLeast(nodes: Int32Array, keys: Float64Array, count: number): void {
  let low = 0
  let high = nodes.length - 1
  while (low < high) {
    const pivot = middleOf(keys[nodes[low]!]!, keys[nodes[(low + high) >> 1]!]!, keys[nodes[high]!]!)
    let left = low
    let right = high
    while (left <= right) {
      while (keys[nodes[left]!]! < pivot) left++
      while (keys[nodes[right]!]! > pivot) right--
      if (left > right) break
      const node = nodes[left]!
      nodes[left++] = nodes[right]!
      nodes[right--] = node
    }
    if (count - 1 <= right) high = right
    else if (count - 1 >= left) low = left
    else return
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
