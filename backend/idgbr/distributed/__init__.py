"""Jobs on a Dask cluster: workers compute blocks of rows of tiles into files on shared storage; the job joins them."""
