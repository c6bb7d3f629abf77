"""What the boundary refiner is worth: test sets × producers of coarse maps × methods, in one reproducible table.

`tiles` reads the test sets, `producers` and `networks` make coarse maps of them; `methods` refines these, `classical`
and `checkpoints` are some of the methods; `scores` measures, `run` does it all with everything expensive cached,
`summary` and `table` write the result down. `tune` finds the parameters of the classical methods on training places;
`train_processes` trains the networks of the diffusion processes in `processes`.
"""
