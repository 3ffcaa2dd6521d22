"""Decision tables: rows read and compiled, an index over each column, hit policies, and their analysis."""
