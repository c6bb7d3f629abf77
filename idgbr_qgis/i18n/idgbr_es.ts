<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
    <context>
        <name>IDGBR</name>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>Nothing is selected in {layer}; select polygons or choose another area.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>The area is empty; draw a rectangle on the image.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/area.py" />
            <source>The area holds no polygons; choose another one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend speaks protocol {theirs}, this plugin {ours}: update the IDGBR plugin.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend speaks protocol {theirs}, this plugin {ours}: update the backend.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend did not answer within {seconds:.0f} s; test it in Settings ▸ Options ▸ IDGBR.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <location filename="idgbr_qgis/core/layers.py" />
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Cancelled.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>Cancelled; the backend did not stop by itself and was ended.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend crashed (signal {code}).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend ended with exit status {code}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/backend_client.py" />
            <source>The backend could not be started: {program}: {reason}; check Settings ▸ Options ▸ IDGBR.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/estimate.py" />
            <source>{layer} would have to be fetched with {n} million pixels, which is too much; choose a smaller area.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/estimate.py" />
            <source>The place of {layer} on the ground is not known; check its coordinate system.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent does not overlap the raster {layer}; draw it on the raster.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent is empty; draw a rectangle on the raster.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>The extent cannot be transformed to {crs}; draw it on the raster.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/extents.py" />
            <source>{layer} has no coordinate system.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} is open in another program; close it there, or choose another file.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} cannot be written: it is open in another program, or protected; choose another file.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Choose the class raster or polygon layer to refine.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>The image and the layer to refine are the same; choose another one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Choose another image for the later date.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>Another job in the queue writes {path}; choose another file.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/job_plan.py" />
            <source>{path} is open in this project as {layer}; choose another file, or remove the layer.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>Waiting</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancelling…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <location filename="idgbr_qgis/gui/health_line.py" />
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Starting the backend…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>The job failed; its log says more.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/jobs_queue.py" />
            <source>The algorithm {name} is not there; enable IDGBR in the plugin manager.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>Exporting {layer}: {columns} × {rows} pixels.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be exported to {path}: {reason}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer} gave no picture here{reason}; check the connection, or choose an area that it covers.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer}: {n} parts could not be fetched{reason}; the result has holes there.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The layer {layer} cannot be written: {reason}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>{layer} has to be exported, and {columns} × {rows} pixels are too many; choose a smaller extent.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask holds no polygons; select some or leave the mask out.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask cannot be transformed to {crs}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be read by GDAL.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The raster {layer} cannot be exported.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The layer {layer} has no polygons; choose a polygon layer.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/layers.py" />
            <source>The mask cannot be written: {reason}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Version {version}, licence {licence}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>All files are sound.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>8-bit values as they are, others by the range of the area</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Takes the first {n} bands of the image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Made for pixels of {low}–{high} m</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Takes the bands {bands} of the image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Values from {low} to {high}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; standardized by mean {mean} and deviation {std}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>this image has {size} m, too coarse for details</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; this image has {size} m</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>Accuracy on {data}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/model_card.py" />
            <source>; this image has {size} m and is read coarser</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The algorithms are not there; enable IDGBR in the plugin manager.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The backend's preview cannot be read; set the backend up again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The preview cannot be shown in the map's coordinate system.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/preview.py" />
            <source>The map shows nothing of {layer}; go to it first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Class number</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Class</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Confidence (0–1)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Area (m²)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Perimeter (m)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Boundary moved by (m)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Uncertainty of the boundary (0–1)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Model {model}, version {version}, licence: {licence}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>IDGBR – {layer} – {time}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>confidence</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>boundary moved by</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>boundary uncertain by</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{when}: {algorithm}, IDGBR plugin {plugin}, backend {backend}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Parameters: {values}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Result of {algorithm}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} has no layer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>Device: {device}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/results.py" />
            <source>{path} cannot be opened</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>{layer} cannot be edited; save it as a GeoPackage first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>rejected</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>accepted</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>Accept polygon</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>Reject polygon</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/review.py" />
            <source>{layer} has no polygons left to review.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>Set it up again: Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend's Python {path} was not found; choose it in Settings ▸ Options ▸ IDGBR, or set the backend up again: Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend command must be a JSON list of texts, such as ["ssh", "host", "idgbr", "worker"].</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The backend command {program} was not found; correct it in Settings ▸ Options ▸ IDGBR.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/settings.py" />
            <source>The IDGBR backend is not set up: choose Plugins ▸ IDGBR ▸ Set up backend….</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The proxy cannot be reached.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Check Settings ▸ Options ▸ Network in QGIS (host, port, and whether a proxy is needed here at all), then try again: what was downloaded is kept. Or set up from a folder of wheels.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The proxy asks for a user name and password.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Enter them in Settings ▸ Options ▸ Network in QGIS. A proxy that wants a Windows login (NTLM, Kerberos) cannot be used directly: ask your administrator for one that takes a password, or use a folder of wheels.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The secure connection is not trusted: on this network, a device probably opens and re-signs it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Ask your administrator for the certificate of that authority and add it in Settings ▸ Options ▸ Authentication ▸ Manage certificates in QGIS, or name its file in pip's own configuration (cert). Check the clock of the computer too.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The package index cannot be reached, or the connection was cut.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Check the connection and try again: what was downloaded is kept. Without a network, prepare a folder of wheels on another computer and choose it here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The disk is full.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Free some space or choose a folder on a larger disk, then try again: what was downloaded is kept.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Another program holds a file: an antivirus scanner, or a QGIS that uses the backend.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Close other QGIS windows and try again. If it happens again, have the folder of the backend excluded from the antivirus scan.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A file or folder may not be written.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose a folder that is yours. If it is, have it excluded from the antivirus scan or from controlled folder access.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A path became too long for Windows.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose a folder with a short path, such as C:\idgbr, or have long paths enabled.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>There is no ready-made package for this Python on this system.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Choose another Python, best 3.11 or 3.12 with 64 bits. A folder of wheels must be made for the same Python version and system.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The folder of wheels is not complete.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Make it anew with this version of the plugin, on a computer with the same system and the same Python version: python idgbr_qgis/core/setup download FOLDER.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>A downloaded package is not the one that was tested, and was refused.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Try again. If it happens again, the mirror or proxy changes packages: ask your administrator, and do not install such a package by other means.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>No suitable Python was found.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Install Python 3.12 (64 bits), or the program uv, which fetches one by itself; then try again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>This Python cannot make environments: its module venv or ensurepip is missing.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere choose another Python, or install uv.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The GPU cannot be used.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Install or update the NVIDIA driver and restart the computer, or choose the CPU.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>All is installed, but a library cannot be loaded.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>On Windows, install the Microsoft Visual C++ Redistributable (x64). On Linux, the system may be too old for these packages (glibc 2.28 is needed).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Another QGIS window, or a command line, is setting up the backend.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Wait until it is done, or cancel it there.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Start again at any time: what was downloaded is kept.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>The set-up failed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/failures.py" />
            <source>Look at the details; Copy diagnostics gives a report without names or passwords for a question to others.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Making the environment</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Downloading</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Installing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/install.py" />
            <source>Starting the backend for the first time</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>CPU</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>NVIDIA GPU (CUDA 13)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/plan.py" />
            <source>NVIDIA GPU (CUDA 12)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The backend's environment was removed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The Python that the backend was based on was removed or replaced by another version.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>This version of the plugin needs other packages than those of the backend.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/setup/state.py" />
            <source>The set-up of the backend was interrupted.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/core/warm_backend.py" />
            <source>Unexpected error: {error}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Part of the image to work on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Layer whose polygons, or whose extent, are the area</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Whole image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>What the map shows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Drawn rectangle</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Drawn polygon</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Selected polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <location filename="idgbr_qgis/gui/dock.py" />
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Layer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw a rectangle on the map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw a polygon: right click ends, Backspace takes back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>There is no layer for the area; add one or choose another area.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/area_widget.py" />
            <source>Draw the area on the map.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>The backend works: version {backend}, plugin {plugin}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Testing the IDGBR backend</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>Devices</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>{n} GB free</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>version</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Models</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/backend_check.py" />
            <source>No models were found; set IDGBR_MODELS to a folder of models.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Segment an image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Refine a layer's boundaries</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Find classes with a model, or move the boundaries of a layer you have</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>How much time the boundaries are worth</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>about {time}, {memory} GB</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>roughly {time}, {memory} GB</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Orthophoto or satellite image: a file, a virtual raster or a web map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Class raster or polygon layer whose boundaries are about right</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>The same place at a later date, in any coordinate system and resolution</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Field that holds the class; empty if all polygons are alike</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Smaller polygons and holes are merged into what surrounds them</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Square right angles</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Make nearly right angles, as of buildings, exactly right</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Time and memory; the time is that of earlier jobs on this machine, once there are any</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Start in the background, after the jobs that are waiting (Ctrl+Enter)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Review polygons, the doubtful ones first</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Backend and device</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Task</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Later image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Class field</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Area</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Quality</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Result</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Minimum area</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Detect changes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Draft – fastest</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Boundaries as the model gives them; one step when refining</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Standard – recommended</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Refined in the number of steps that measured best</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Thorough – slowest</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Refined in 8 steps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Add an image to the project first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>Add an image to the project to begin.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>no coordinate system</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>{columns} × {rows} px</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>{layer} cannot be read; repair its source.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/dock.py" />
            <source>This task takes the bounding box of the polygons.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>Backend {version} on {device}, {models} models</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>no device</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <location filename="idgbr_qgis/gui/options.py" />
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>Set up backend…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/health_line.py" />
            <source>The backend was not asked.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Run again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Settings…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Draw an area</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>A layer of this job has been removed; start a new one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Segment {layer}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Refine on {layer}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Detect changes since {layer}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{job}: {n} polygons.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Show log</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Open</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{layer} does not say its coordinate system. Which is it?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Choose it…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Zoom to it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Another file…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Models…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>{found} The project it was started in has been closed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Add to this project</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>the backend</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Zoom to</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/job_desk.py" />
            <source>Review…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/jobs_widget.py" />
            <source>Cancel this job; nothing half done is left</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/jobs_widget.py" />
            <source>Cancel</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <source>Models (model.json *.onnx)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Model that says what is where</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <location filename="idgbr_qgis/gui/model_widget.py" />
            <source>Look for a model's card or an ONNX model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>Add, remove and adjust models</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_picker.py" />
            <source>This model brings no card; what it says is shown when it runs.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>One number for each of the {n} bands that the model takes; empty for automatic.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Bands of the image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Value that becomes 0</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Empty: 0 for 8 bits, else the lowest of the area</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Value that becomes 1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Empty: 255 for 8 bits, else the highest of the area</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Mean</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Taken off afterwards, as the model was trained with</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Deviation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>What is left is divided by it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Values and bands of {model}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/model_values.py" />
            <source>Such as {example}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>IDGBR models</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add folder…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A folder with a model.json</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add file…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A zip of a model, or an ONNX file, as of the Deepness model zoo</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Copy…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>A copy of your own, which can be adjusted</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Adjust…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Values and bands that the model takes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Remove</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Only your own models can be removed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Verify</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Hold all files against the sha256 in their cards</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Looking at the models…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Adding the model…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Models (*.zip *.onnx)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <location filename="idgbr_qgis/gui/notices.py" />
            <source>Copy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Id of the copy:</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>There is a model of this id already. Another id, or none to replace your own:</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Folder of a model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Writing the card…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Remove {model} from the disk?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Removing the model…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>Add model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/models_dialog.py" />
            <source>The file does not say which pixel size it is made for. In metres:</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/notices.py" />
            <source>Log of {job}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>The models run in a process of their own, the IDGBR backend, with its own Python. &lt;i&gt;Set up backend…&lt;/i&gt; makes one; or choose the Python of an environment that you made yourself.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Python of the backend</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Full command as a JSON list, for a backend elsewhere; goes before the Python.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>What the algorithms offer first: auto takes the GPU if it can be used.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Test</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Test starts the backend and shows its versions, devices and models.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Backend Python</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <source>Backend command</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/options.py" />
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Device</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Temporary layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Temporary layers are gone when QGIS is closed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Save polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>File for the polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Class raster</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Class of each pixel on the grid of the image, beside the polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Confidence raster</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Confidence of each pixel's class, 0 to 1, beside the polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Uncertainty raster</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>How doubtful refined boundaries are, 0 to 1, beside the polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Probability raster</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Probability that a place has changed, 0 to 1, beside the polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Open when finished</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Add the results to the project, in a group of their own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>Name the file for the polygons.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/output_widget.py" />
            <source>There is no folder {path}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Show on the map what the job would give of the part that is seen, at most 1024 × 1024 px</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Show the preview</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Clear the preview</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Cancel preview</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Preview here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>coarse</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>refined</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/preview_bar.py" />
            <source>Made in {seconds:.1f} s</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>confidence {value:.2f}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>moved by {value:.2f} m</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>IDGBR review</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Polygons with the field confidence or moved_m</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Begin</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>The layer is put into editing; nothing is saved until you save it</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>First</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Least confident</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Most moved</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Polygon {n} of {count}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>{accepted} accepted, {rejected} rejected</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Accept</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>It is right</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Reject</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Take it away</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Edit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Select it and take the vertex tool</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Back</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Go to the one before</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Next</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Leave it and go on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Undo</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Take back the last decision</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Steps through the polygons, the doubtful ones first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/review.py" />
            <source>Choose a polygon layer with the field confidence or moved_m.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Set up the IDGBR backend</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Set up</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Copy diagnostics</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancel set-up</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Close</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>What will be installed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Setting up</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Copied</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>QGIS can be used meanwhile. What is downloaded is kept, whatever happens.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>less than a minute left</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>A backend command is set in Settings ▸ Options ▸ IDGBR and goes first; empty it to use this one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The backend is ready</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Cancelled</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The backend could not be set up</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Go on in the background</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>about {n} min left</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>The algorithms are in the Processing toolbox under IDGBR.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>{done} of {total} MB</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Device: {names}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Python: {path}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_dialog.py" />
            <source>Models: {names}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>The models need the IDGBR backend, which is not set up yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_entry.py" />
            <source>Set it up again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>; &lt;b&gt;{installed}&lt;/b&gt; are needed in the folder, {free} are free there.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>The models run in a program of their own, the backend, in a Python environment of its own. &lt;b&gt;Nothing is installed into the Python of QGIS&lt;/b&gt; or of the system.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>empty: download them</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>To work without a network: a folder that was filled by the command of the documentation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Based on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Folder of wheels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Looking for Python and a GPU…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Another Python…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>No Python 3.10 or newer was found. Install Python 3.12 (64 bits) or uv, or choose one above.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>About &lt;b&gt;{download}&lt;/b&gt; are downloaded from the package index that pip is configured for</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Nothing is downloaded</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>No NVIDIA driver was found. The CPU works everywhere; a GPU is many times faster.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{gpu} is too old: with driver {needed} or newer, the GPU could be used.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>An update of QGIS may remove it; then the backend must be set up again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{n} MB</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Python 3.10 or newer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>The packages were not tested with this version; 3.10 to 3.13 are better.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>It cannot make environments: install the package python3-venv first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>{n} GB</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>of QGIS</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>driver</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>Python {version}, fetched by uv</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_plan_page.py" />
            <source>That is too little: free some space.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_task.py" />
            <source>Looking for Python and a GPU</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/gui/setup_task.py" />
            <source>Setting up the IDGBR backend</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR panel</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>Segment images and refine boundaries with IDGBR</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR models…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/plugin.py" />
            <source>IDGBR settings…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Segmentation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Minimum area (m²)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Simplification (pixels)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Smaller polygons and holes are merged into what surrounds them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>How far a boundary may lie from the one in the class raster; 0 keeps every pixel step.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Make nearly right angles, as of buildings, exactly right.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Diffusion steps: more are slower. 0 takes the number that measured best for the refiner.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>How many times the refiner looks at each place, turned and mirrored, to tell how uncertain boundaries are: each takes as long as the refinement. 1 costs nothing, 4 rank errors a little better; polygons get the field uncertain. 0: none, or 1 for the uncertainty raster.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>What to do at a block of the image that cannot be read: stop and say where it is, or take it for nodata. A job that stopped goes on from there with the other choice.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>auto takes the GPU if it can be used; cpu, cuda or cuda:1 insist on a device and fail without it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>How likely each pixel is of another class than it got, in the eyes of the refiner, 0 to 1, as GeoTIFF; 0 beyond the band along boundaries.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Polygons by class as GeoPackage, Shapefile, GeoJSON or FlatGeobuf.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Refinement steps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Samples for uncertainty</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Damaged blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Class of each pixel on the grid of the image, as GeoTIFF.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Confidence of each pixel's class, 0 to 1, as GeoTIFF.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Number of polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>What made {path} could not be written into it: {reason}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>Run the same algorithm again, with the same parameters and outputs, to go on from there.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/base.py" />
            <source>IDGBR backend {version}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Finds the buildings that appeared, disappeared or were modified between two images.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compares two images of the same place and draws the buildings that appeared, disappeared or were modified between them, with refined boundaries. The later image may have any coordinate system, resolution and extent: it is brought onto the grid of the earlier one. How far both are off each other is estimated part by part, told, and taken back on request. Ground that either image does not know is left out; where both are equal, nothing has changed.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR. Local rasters are read where they lie; web maps and layers in memory are exported for the extent first.

Polygons have the fields class_id, class (appeared, disappeared, modified), confidence (0…1), area_m2 and perim_m (ellipsoidal), and date_before and date_after where the dates are given.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The earlier image; results are on its grid.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The later image, with any coordinate system, resolution and extent.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Area to compare, in any coordinate system; empty for the whole image.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Id of a change model (change), or the folder of one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Probability from which on a place has changed: less finds more, wrong ones too. 0: the model's.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Correct the boundaries with the diffusion refiner, in the image in which the building stands.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Move the later image back by the shift that is found, if that is beyond doubt.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compare the images in either order and average: a little surer, in twice the time.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Probability that a place has changed, before threshold and refinement, 0 to 1, as GeoTIFF.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>change detection,two dates,difference,building,damage,demolished,new,time,compare</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Image before</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Image after</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <location filename="idgbr_qgis/processing/refine.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Extent</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Threshold</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Refine boundaries</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Align images</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Compare in both orders</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date before</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date after</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Date of the image, for the polygons' attributes.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Shift between the images (m)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>Whether the shift is beyond doubt</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Choose a model.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <source>The date before is not before the date after; are the two images swapped?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/detect_changes.py" />
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>There is no model {model}; check its path.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean F1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Overall accuracy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Evaluate a classification</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>accuracy,assessment,validation,truth,confusion matrix,iou,f1,boundary,error,compare,polis,report</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Measures how well a classification agrees with the truth, boundaries above all, with a report.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Compares a classification with the truth; either may be a class raster or a polygon layer, in any coordinate system. The numbers are outputs; the report, one HTML file, adds tables, the confusion matrix, distances between boundaries, a map of the errors and the worst places with pictures.

Both are put on one grid, by nearest pixel: the truth's, if it is a raster, else that of the prediction, else that of the image, else one made for the extent of the truth. Rasters are scored where they overlap; a true layer as far as the box around its polygons, or the extent given. Only ground that the truth does not know is left out; where the prediction has no class, it is wrong.

Classes are matched by name if both sides have names, else by number. Layers made by this plugin need no class field. Predicted classes that the truth does not know count as background.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Field of the polygon layer that holds the class, text or integer; empty for the fields class and class_id, or if all polygons are alike.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU within 3 px of true boundaries</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>WFm: weighted F-measure of boundaries</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels scored</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels that are wrong</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixels without a prediction</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Expected calibration error</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>F1 of polygons found</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Mean IoU of matched polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>PoLiS distance of matched polygons (m)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Vertices for each true one</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Angle error of matched polygons (degrees)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Image below the errors in the report; gives its grid if two polygon layers are compared.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Confidence of each predicted pixel, 0 to 1: for the calibration error.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Area to score, in any coordinate system.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Pixel size (m)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Of the grid that two polygon layers are compared on; 0 has it chosen by extent.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>What ground without a true polygon is: background; unlabelled, then it is not scored; auto, background if either side has one or the truth has a single class.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Report with tables, charts and pictures, in one file.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Boundary F-score, {tolerance}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Boundary IoU, {tolerance}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Prediction</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class raster or polygon layer to be judged.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class field of the prediction</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Truth</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class raster or polygon layer that is right; nodata is not scored.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Class field of the truth</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Outside of true polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>Report</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/evaluate.py" />
            <source>HTML files (*.html)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Reading the map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Segmenting</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Refining boundaries from coarse to fine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Refining boundaries</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Vectorizing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Comparing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>Writing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} h</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{stage}: about {time} left</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} s</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/feedback.py" />
            <source>{n} min</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/provider.py" />
            <source>IDGBR – segmentation with diffusion-refined boundaries</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Refine boundaries of a classification</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>refine,boundary,outline,correct,improve,shift,align,diffusion,classification,land cover,building,ai</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Moves the boundaries of any class raster or polygon layer to where an image shows them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Takes a classification of any origin, of any classes, and moves its boundaries to where the image shows them, with a diffusion model that looks at both. Nothing is trained. Only a band along boundaries can change, and only to what is there within its width; all else stays as it was, pixel for pixel.

A class raster may have any grid, coordinate system and integer values, up to 255 classes; the class raster written keeps its values, colours and names. In one tile of the image up to 16 classes take part: the commonest, the rest stay, with a warning.

Polygons are drawn onto the pixels of the image. Where they overlap, the smaller one counts. Ground without a polygon is the background of objects such as buildings: it takes part, but is not drawn. Between polygons that lie side by side, as of a land cover, it is a gap: it has no class and stays so, unless gaps are to be filled. Which of the two holds is told by the outlines: where most of their length borders uncovered ground, it is background. Strips of up to two pixels between two polygons are gaps in any case. Nodata of a raster has no class.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal), and moved_m: how far the outline lies from where its class ended before, on average, in metres on the ground; with samples also uncertain: how uncertain the outline is on average, 0…1. Where one polygon of the layer has become one polygon of the result, it keeps its attributes; touching polygons of one class are joined, and attributes of what has no single origin are empty.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Orthophoto or satellite image that shows the boundaries: a file, or a web map (then choose an extent).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Class raster or polygon layer, in any coordinate system, whose boundaries are about right.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Field of the polygon layer that holds the class, text or integer; empty if all polygons are alike.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Area to work on, in any coordinate system; empty for the whole image.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Background</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Whether ground without a class takes part as background: yes; no, then it stays as it is; auto, if polygons are objects on it rather than a coverage.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Give gaps of up to 32 pixels the class beside them beforehand; wider ground without a class stays.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>How far boundaries may move at most; 0 takes the width that the refiner was calibrated with.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>{before} → {after}: {pixels} pixels, {area} m²</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Classification</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Fill gaps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Band width (pixels)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Pixels that changed class</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Share of the boundary that moved</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>Mean displacement of the boundary (m)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/refine.py" />
            <source>95th percentile of the displacement (m)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segment image</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>segmentation,semantic,ai,deep learning,diffusion,refine,boundary,building,roof,land cover,polygonize</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segments an image with a model, refines the boundaries and writes polygons by class.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Segments an orthophoto or satellite image into classes, refines the boundaries with a diffusion model and writes polygons that are valid and meet without gaps or overlaps.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR. Local rasters are read where they lie; web maps and layers in memory are exported for the extent first.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal); with samples also uncertain: how uncertain their boundary is on average, 0…1.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Orthophoto or satellite image: a file, or a web map (then choose an extent).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Area to segment, in any coordinate system; empty for the whole image.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Results are kept inside these polygons alone; selected ones only, if so chosen.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Id of a model (buildings, landcover), the folder of a model, or an .onnx file.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Correct the boundaries of the coarse segmentation with the diffusion refiner.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/segment.py" />
            <source>Mask polygons</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Vectorize class raster</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Turns a class raster into smooth polygons that meet without gaps or overlaps.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Turns a class raster, from any tool, into polygons whose boundaries run where the pixel steps suggest them rather than along the steps. Boundaries between neighbours are drawn once, so there are no gaps and no overlaps; nodata stays empty. Rasters of any size are read in strips.

The work is done by the IDGBR backend, in a process of its own; set it up in Settings ▸ Options ▸ IDGBR.

Polygons have the fields class_id, class, confidence (0…1), area_m2 and perim_m (ellipsoidal).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Raster whose first band holds class numbers from 0 to 254; nodata gets no polygons.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Confidence of each pixel's class, 0 to 1, on the same grid: fills the field confidence.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Round the boundaries, for things without corners such as water or woods.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>polygonize,polygons,coverage,simplify,smooth,classification,topology,gaps,square</source>
            <translation type="unfinished" />
        </message>
        <message>
            <location filename="idgbr_qgis/processing/vectorize.py" />
            <source>Smooth curves</source>
            <translation type="unfinished" />
        </message>
    </context>
</TS>
