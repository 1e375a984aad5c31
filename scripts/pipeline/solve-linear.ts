/**
 * Solves A·x = b for a symmetric positive definite A by Cholesky decomposition.
 * @param matrix A, `size` × `size`, row by row; its lower half is overwritten
 * @throws RangeError where A is not positive definite
 */
export function factorise(matrix: Float64Array, size: number): void {
  const at = (row: number, column: number) => matrix[row * size + column] ?? 0
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = at(row, column)
      for (let inner = 0; inner < column; inner++) sum -= at(row, inner) * at(column, inner)
      if (row === column && !(sum > 0)) throw new RangeError('the matrix is not positive definite')
      matrix[row * size + column] = row === column ? Math.sqrt(sum) : sum / at(column, column)
    }
  }
}

/** @param factor what `factorise` left */
export function solveFactorised(factor: Float64Array, size: number, right: Float64Array): Float64Array {
  const solution = Float64Array.from(right)
  for (let row = 0; row < size; row++) {
    let sum = solution[row] ?? 0
    for (let inner = 0; inner < row; inner++)
      sum -= (factor[row * size + inner] ?? 0) * (solution[inner] ?? 0)
    solution[row] = sum / (factor[row * size + row] ?? 1)
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = solution[row] ?? 0
    for (let inner = row + 1; inner < size; inner++)
      sum -= (factor[inner * size + row] ?? 0) * (solution[inner] ?? 0)
    solution[row] = sum / (factor[row * size + row] ?? 1)
  }
  return solution
}
