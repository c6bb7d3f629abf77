"""Jobs on a Dask cluster: blocks of rows of tiles as tasks, block files on shared storage, joined by the job."""
